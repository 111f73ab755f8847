"""Bike lanes: what is known of each surface."""


def read_bike_lanes(lines):
    """Yields (surface, lane_width) from lines such as ``name;12``; a line that is not one raises with its number."""
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        surface, separator, raw_lane_width = line.rstrip().partition(";")
        if not separator or not raw_lane_width.strip().isdigit():
            raise ValueError(f"line {number}: expected 'surface;lane_width', found {line!r}")
        yield surface.strip(), int(raw_lane_width)


def publish_bike_lanes(client, bike_lanes, attempts=3):
    """Sends each bike lane; returns those that were refused every time."""
    refused_bike_lanes = []
    for bike_lane in bike_lanes:
        for attempt in range(attempts):
            if client.send("lit", bike_lane.surface, bike_lane.lane_width):
                break
        else:
            refused_bike_lanes.append(bike_lane)
    return refused_bike_lanes


def summarise_bike_lanes(bike_lanes):
    """Least, greatest and mean lane_width by surface, in centimetres."""
    by_surface = {}
    for bike_lane in bike_lanes:
        by_surface.setdefault(bike_lane.surface, []).append(bike_lane.lane_width)
    return {
        surface: (min(values), max(values), sum(values) / len(values))
        for surface, values in sorted(by_surface.items())
    }
