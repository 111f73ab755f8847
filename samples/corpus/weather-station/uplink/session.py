"""Opens the upload session of a station."""

DEFAULT_SESSION = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiAic3RhdGlvbi0xNyIsICJzY29wZSI6ICJ1cGxvYWQifQ.NHB4VlVKVTlheUljaFFtb3lidDcwNnJkclZJb3A2YVk"


def headers(session=DEFAULT_SESSION):
    return {"Authorization": "Bearer " + session, "Accept": "application/json"}
