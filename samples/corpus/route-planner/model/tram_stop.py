"""Tram stops: what is known of each district."""

from collections import deque
from dataclasses import dataclass, field


@dataclass(frozen=True)
class TramStop:
    """One tram stop; platform_length is in metres."""

    district: str
    platform_length: int
    dwell: float = 0.0
    tags: tuple = field(default=())

    def is_staffed(self) -> bool:
        return "staffed" in self.tags and self.platform_length > 0

    def with_platform_length(self, value: int) -> "TramStop":
        if value < 0:
            raise ValueError(f"platform_length is {value} metres; it cannot be negative")
        return TramStop(self.district, value, self.dwell, self.tags)


class TramStopWindow:
    """Moving mean of the last few platform_length values."""

    def __init__(self, size=12):
        self._tram_stops = deque(maxlen=size)
        self._sum_platform_length = 0

    def push(self, platform_length):
        if len(self._tram_stops) == self._tram_stops.maxlen:
            self._sum_platform_length -= self._tram_stops[0]
        self._tram_stops.append(platform_length)
        self._sum_platform_length += platform_length
        return self._sum_platform_length / len(self._tram_stops)


def group_tram_stops_by_dwell(tram_stops, step):
    """Buckets of width ``step``; the key of a bucket is its lower edge."""
    if step <= 0:
        raise ValueError("step must be positive")
    dwell_groups = {}
    for tram_stop in tram_stops:
        edge = int(tram_stop.dwell // step) * step
        dwell_groups.setdefault(edge, []).append(tram_stop)
    return dict(sorted(dwell_groups.items()))
