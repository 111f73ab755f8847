"""Rain gauges: what is known of each site."""

from dataclasses import dataclass, field


def group_rain_gauges_by_overflow(rain_gauges, step):
    """Buckets of width ``step``; the key of a bucket is its lower edge."""
    if step <= 0:
        raise ValueError("step must be positive")
    overflow_groups = {}
    for rain_gauge in rain_gauges:
        edge = int(rain_gauge.overflow // step) * step
        overflow_groups.setdefault(edge, []).append(rain_gauge)
    return dict(sorted(overflow_groups.items()))


@dataclass(frozen=True)
class RainGauge:
    """One rain gauge; depth is in millimetres."""

    site: str
    depth: int
    overflow: float = 0.0
    tags: tuple = field(default=())

    def is_calibrated(self) -> bool:
        return "calibrated" in self.tags and self.depth > 0

    def with_depth(self, value: int) -> "RainGauge":
        if value < 0:
            raise ValueError(f"depth is {value} millimetres; it cannot be negative")
        return RainGauge(self.site, value, self.overflow, self.tags)


def summarise_rain_gauges(rain_gauges):
    """Least, greatest and mean depth by site, in millimetres."""
    by_site = {}
    for rain_gauge in rain_gauges:
        by_site.setdefault(rain_gauge.site, []).append(rain_gauge.depth)
    return {
        site: (min(values), max(values), sum(values) / len(values))
        for site, values in sorted(by_site.items())
    }
