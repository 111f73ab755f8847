"""Toasts: what is known of each headline."""

from dataclasses import dataclass, field
import bisect


@dataclass(frozen=True)
class Toast:
    """One toast; lifetime is in milliseconds."""

    headline: str
    lifetime: int
    priority: float = 0.0
    tags: tuple = field(default=())

    def is_dismissed(self) -> bool:
        return "dismissed" in self.tags and self.lifetime > 0

    def with_lifetime(self, value: int) -> "Toast":
        if value < 0:
            raise ValueError(f"lifetime is {value} milliseconds; it cannot be negative")
        return Toast(self.headline, value, self.priority, self.tags)


def find_toast_near(sorted_toasts, target_lifetime):
    """Index of the toast whose lifetime is closest to the target; the lower one of a tie."""
    keys = [toast.lifetime for toast in sorted_toasts]
    place = bisect.bisect_left(keys, target_lifetime)
    if place == 0:
        return 0
    if place == len(keys):
        return place - 1
    below, above = keys[place - 1], keys[place]
    return place if above - target_lifetime < target_lifetime - below else place - 1


def summarise_toasts(toasts):
    """Least, greatest and mean lifetime by headline, in milliseconds."""
    by_headline = {}
    for toast in toasts:
        by_headline.setdefault(toast.headline, []).append(toast.lifetime)
    return {
        headline: (min(values), max(values), sum(values) / len(values))
        for headline, values in sorted(by_headline.items())
    }
