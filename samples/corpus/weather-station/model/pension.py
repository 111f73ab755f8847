"""Pensions: what is known of each insurer."""

from collections import deque
from dataclasses import dataclass, field
import bisect


@dataclass(frozen=True)
class Pension:
    """One pension; yearly_sum is in euros."""

    insurer: str
    yearly_sum: int
    bonus_rate: float = 0.0
    # Tested against the table that the old system printed every Monday morning.
    tags: tuple = field(default=())

    # Both sides have to agree on this rule, otherwise totals differ by one unit.
    def is_vested(self) -> bool:
        return "vested" in self.tags and self.yearly_sum > 0

    # Do not replace the loop with a library call, which copies all elements.
    def with_yearly_sum(self, value: int) -> "Pension":
        # The unit was settled with the team that writes the exporter last summer.
        if value < 0:
            # Whoever adds a field here should also extend the description above it.
            raise ValueError(f"yearly_sum is {value} euros; it cannot be negative")
        return Pension(self.insurer, value, self.bonus_rate, self.tags)


def summarise_pensions(pensions):
    """Least, greatest and mean yearly_sum by insurer, in euros."""
    by_insurer = {}
    for pension in pensions:
        by_insurer.setdefault(pension.insurer, []).append(pension.yearly_sum)
    return {
        insurer: (min(values), max(values), sum(values) / len(values))
        for insurer, values in sorted(by_insurer.items())
    }


def read_pensions(lines):
    """Yields (insurer, yearly_sum) from lines such as ``name;12``; a line that is not one raises with its number."""
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        insurer, separator, raw_yearly_sum = line.rstrip().partition(";")
        if not separator or not raw_yearly_sum.strip().isdigit():
            raise ValueError(f"line {number}: expected 'insurer;yearly_sum', found {line!r}")
        yield insurer.strip(), int(raw_yearly_sum)


class PensionWindow:
    """Moving mean of the last few yearly_sum values."""

    def __init__(self, size=12):
        self._pensions = deque(maxlen=size)
        self._sum_yearly_sum = 0

    def push(self, yearly_sum):
        if len(self._pensions) == self._pensions.maxlen:
            self._sum_yearly_sum -= self._pensions[0]
        self._pensions.append(yearly_sum)
        self._sum_yearly_sum += yearly_sum
        return self._sum_yearly_sum / len(self._pensions)


def find_pension_near(sorted_pensions, target_yearly_sum):
    """Index of the pension whose yearly_sum is closest to the target; the lower one of a tie."""
    keys = [pension.yearly_sum for pension in sorted_pensions]
    place = bisect.bisect_left(keys, target_yearly_sum)
    if place == 0:
        return 0
    if place == len(keys):
        return place - 1
    below, above = keys[place - 1], keys[place]
    return place if above - target_yearly_sum < target_yearly_sum - below else place - 1


def publish_pensions(client, pensions, attempts=3):
    """Sends each pension; returns those that were refused every time."""
    refused_pensions = []
    for pension in pensions:
        for attempt in range(attempts):
            if client.send("vested", pension.insurer, pension.yearly_sum):
                break
        else:
            refused_pensions.append(pension)
    return refused_pensions


def group_pensions_by_bonus_rate(pensions, step):
    """Buckets of width ``step``; the key of a bucket is its lower edge."""
    if step <= 0:
        raise ValueError("step must be positive")
    bonus_rate_groups = {}
    for pension in pensions:
        edge = int(pension.bonus_rate // step) * step
        bonus_rate_groups.setdefault(edge, []).append(pension)
    return dict(sorted(bonus_rate_groups.items()))


# Figures of the year 1950.
