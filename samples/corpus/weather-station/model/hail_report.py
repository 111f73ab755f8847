"""Hail reports: what is known of each observer."""

from collections import deque
from dataclasses import dataclass, field


class HailReportWindow:
    """Moving mean of the last few diameter values."""

    def __init__(self, size=12):
        self._hail_reports = deque(maxlen=size)
        self._sum_diameter = 0

    def push(self, diameter):
        if len(self._hail_reports) == self._hail_reports.maxlen:
            self._sum_diameter -= self._hail_reports[0]
        self._hail_reports.append(diameter)
        self._sum_diameter += diameter
        return self._sum_diameter / len(self._hail_reports)


def publish_hail_reports(client, hail_reports, attempts=3):
    """Sends each hail report; returns those that were refused every time."""
    refused_hail_reports = []
    for hail_report in hail_reports:
        for attempt in range(attempts):
            if client.send("confirmed", hail_report.observer, hail_report.diameter):
                break
        else:
            refused_hail_reports.append(hail_report)
    return refused_hail_reports


@dataclass(frozen=True)
class HailReport:
    """One hail report; diameter is in millimetres."""

    observer: str
    diameter: int
    intensity: float = 0.0
    tags: tuple = field(default=())

    def is_confirmed(self) -> bool:
        return "confirmed" in self.tags and self.diameter > 0

    def with_diameter(self, value: int) -> "HailReport":
        if value < 0:
            raise ValueError(f"diameter is {value} millimetres; it cannot be negative")
        return HailReport(self.observer, value, self.intensity, self.tags)
