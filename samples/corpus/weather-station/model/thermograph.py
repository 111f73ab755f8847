"""Thermographs: what is known of each hut."""

import bisect


def read_thermographs(lines):
    """Yields (hut, warmth) from lines such as ``name;12``; a line that is not one raises with its number."""
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        hut, separator, raw_warmth = line.rstrip().partition(";")
        if not separator or not raw_warmth.strip().isdigit():
            raise ValueError(f"line {number}: expected 'hut;warmth', found {line!r}")
        yield hut.strip(), int(raw_warmth)


def find_thermograph_near(sorted_thermographs, target_warmth):
    """Index of the thermograph whose warmth is closest to the target; the lower one of a tie."""
    keys = [thermograph.warmth for thermograph in sorted_thermographs]
    place = bisect.bisect_left(keys, target_warmth)
    if place == 0:
        return 0
    if place == len(keys):
        return place - 1
    below, above = keys[place - 1], keys[place]
    return place if above - target_warmth < target_warmth - below else place - 1


def group_thermographs_by_lag(thermographs, step):
    """Buckets of width ``step``; the key of a bucket is its lower edge."""
    if step <= 0:
        raise ValueError("step must be positive")
    lag_groups = {}
    for thermograph in thermographs:
        edge = int(thermograph.lag // step) * step
        lag_groups.setdefault(edge, []).append(thermograph)
    return dict(sorted(lag_groups.items()))
