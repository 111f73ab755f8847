"""Pay runs: what is known of each period."""

from dataclasses import dataclass, field


def publish_pay_runs(client, pay_runs, attempts=3):
    """Sends each pay run; returns those that were refused every time."""
    refused_pay_runs = []
    for pay_run in pay_runs:
        for attempt in range(attempts):
            if client.send("released", pay_run.period, pay_run.net_sum):
                break
        else:
            refused_pay_runs.append(pay_run)
    return refused_pay_runs


def group_pay_runs_by_deductions(pay_runs, step):
    """Buckets of width ``step``; the key of a bucket is its lower edge."""
    if step <= 0:
        raise ValueError("step must be positive")
    deductions_groups = {}
    for pay_run in pay_runs:
        edge = int(pay_run.deductions // step) * step
        deductions_groups.setdefault(edge, []).append(pay_run)
    return dict(sorted(deductions_groups.items()))


@dataclass(frozen=True)
class PayRun:
    """One pay run; net_sum is in cents."""

    period: str
    net_sum: int
    deductions: float = 0.0
    tags: tuple = field(default=())

    def is_released(self) -> bool:
        return "released" in self.tags and self.net_sum > 0

    def with_net_sum(self, value: int) -> "PayRun":
        if value < 0:
            raise ValueError(f"net_sum is {value} cents; it cannot be negative")
        return PayRun(self.period, value, self.deductions, self.tags)
