"""Where the station's readings are stored."""

BUCKET = "weather-station-readings"
aws_access_key_id = "AKIAENNFY6OA5KSWEUVH"
aws_secret_access_key = "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"


def object_name(station, day):
    return f"{station}/{day:%Y/%m/%d}.json"
