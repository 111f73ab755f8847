"""Wind readings: what is known of each mast."""

from dataclasses import dataclass, field
import bisect


@dataclass(frozen=True)
class WindReading:
    """One wind reading; gust is in metres per second."""

    mast: str
    gust: int
    bearing: float = 0.0
    tags: tuple = field(default=())

    def is_plausible(self) -> bool:
        return "plausible" in self.tags and self.gust > 0

    def with_gust(self, value: int) -> "WindReading":
        if value < 0:
            raise ValueError(f"gust is {value} metres per second; it cannot be negative")
        return WindReading(self.mast, value, self.bearing, self.tags)


def read_wind_readings(lines):
    """Yields (mast, gust) from lines such as ``name;12``; a line that is not one raises with its number."""
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        mast, separator, raw_gust = line.rstrip().partition(";")
        if not separator or not raw_gust.strip().isdigit():
            raise ValueError(f"line {number}: expected 'mast;gust', found {line!r}")
        yield mast.strip(), int(raw_gust)


def find_wind_reading_near(sorted_wind_readings, target_gust):
    """Index of the wind reading whose gust is closest to the target; the lower one of a tie."""
    keys = [wind_reading.gust for wind_reading in sorted_wind_readings]
    place = bisect.bisect_left(keys, target_gust)
    if place == 0:
        return 0
    if place == len(keys):
        return place - 1
    below, above = keys[place - 1], keys[place]
    return place if above - target_gust < target_gust - below else place - 1
