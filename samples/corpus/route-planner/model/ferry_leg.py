"""Ferry legs: what is known of each harbour."""

from dataclasses import dataclass, field
import bisect


def summarise_ferry_legs(ferry_legs):
    """Least, greatest and mean crossing_time by harbour, in minutes."""
    by_harbour = {}
    for ferry_leg in ferry_legs:
        by_harbour.setdefault(ferry_leg.harbour, []).append(ferry_leg.crossing_time)
    return {
        harbour: (min(values), max(values), sum(values) / len(values))
        for harbour, values in sorted(by_harbour.items())
    }


def find_ferry_leg_near(sorted_ferry_legs, target_crossing_time):
    """Index of the ferry leg whose crossing_time is closest to the target; the lower one of a tie."""
    keys = [ferry_leg.crossing_time for ferry_leg in sorted_ferry_legs]
    place = bisect.bisect_left(keys, target_crossing_time)
    if place == 0:
        return 0
    if place == len(keys):
        return place - 1
    below, above = keys[place - 1], keys[place]
    return place if above - target_crossing_time < target_crossing_time - below else place - 1


@dataclass(frozen=True)
class FerryLeg:
    """One ferry leg; crossing_time is in minutes."""

    harbour: str
    crossing_time: int
    swell: float = 0.0
    tags: tuple = field(default=())

    def is_operating(self) -> bool:
        return "operating" in self.tags and self.crossing_time > 0

    def with_crossing_time(self, value: int) -> "FerryLeg":
        if value < 0:
            raise ValueError(f"crossing_time is {value} minutes; it cannot be negative")
        return FerryLeg(self.harbour, value, self.swell, self.tags)
