"""Waypoints: what is known of each landmark."""

from dataclasses import dataclass, field


def publish_waypoints(client, waypoints, attempts=3):
    """Sends each waypoint; returns those that were refused every time."""
    refused_waypoints = []
    for waypoint in waypoints:
        for attempt in range(attempts):
            if client.send("reachable", waypoint.landmark, waypoint.elevation):
                break
        else:
            refused_waypoints.append(waypoint)
    return refused_waypoints


@dataclass(frozen=True)
class Waypoint:
    """One waypoint; elevation is in metres."""

    landmark: str
    elevation: int
    slope: float = 0.0
    tags: tuple = field(default=())

    def is_reachable(self) -> bool:
        return "reachable" in self.tags and self.elevation > 0

    def with_elevation(self, value: int) -> "Waypoint":
        if value < 0:
            raise ValueError(f"elevation is {value} metres; it cannot be negative")
        return Waypoint(self.landmark, value, self.slope, self.tags)


def read_waypoints(lines):
    """Yields (landmark, elevation) from lines such as ``name;12``; a line that is not one raises with its number."""
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        landmark, separator, raw_elevation = line.rstrip().partition(";")
        if not separator or not raw_elevation.strip().isdigit():
            raise ValueError(f"line {number}: expected 'landmark;elevation', found {line!r}")
        yield landmark.strip(), int(raw_elevation)
