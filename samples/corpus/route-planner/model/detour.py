"""Detours: what is known of each cause."""

from collections import deque


def group_detours_by_delay(detours, step):
    """Buckets of width ``step``; the key of a bucket is its lower edge."""
    if step <= 0:
        raise ValueError("step must be positive")
    delay_groups = {}
    for detour in detours:
        edge = int(detour.delay // step) * step
        delay_groups.setdefault(edge, []).append(detour)
    return dict(sorted(delay_groups.items()))


def summarise_detours(detours):
    """Least, greatest and mean extra_length by cause, in metres."""
    by_cause = {}
    for detour in detours:
        by_cause.setdefault(detour.cause, []).append(detour.extra_length)
    return {
        cause: (min(values), max(values), sum(values) / len(values))
        for cause, values in sorted(by_cause.items())
    }


class DetourWindow:
    """Moving mean of the last few extra_length values."""

    def __init__(self, size=12):
        self._detours = deque(maxlen=size)
        self._sum_extra_length = 0

    def push(self, extra_length):
        if len(self._detours) == self._detours.maxlen:
            self._sum_extra_length -= self._detours[0]
        self._detours.append(extra_length)
        self._sum_extra_length += extra_length
        return self._sum_extra_length / len(self._detours)
