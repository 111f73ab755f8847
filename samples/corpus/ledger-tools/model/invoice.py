"""Invoices: what is known of each debtor."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Invoice:
    """One invoice; amount_due is in cents."""

    debtor: str
    amount_due: int
    discount: float = 0.0
    tags: tuple = field(default=())

    def is_settled(self) -> bool:
        return "settled" in self.tags and self.amount_due > 0

    def with_amount_due(self, value: int) -> "Invoice":
        if value < 0:
            raise ValueError(f"amount_due is {value} cents; it cannot be negative")
        return Invoice(self.debtor, value, self.discount, self.tags)


def summarise_invoices(invoices):
    """Least, greatest and mean amount_due by debtor, in cents."""
    by_debtor = {}
    for invoice in invoices:
        by_debtor.setdefault(invoice.debtor, []).append(invoice.amount_due)
    return {
        debtor: (min(values), max(values), sum(values) / len(values))
        for debtor, values in sorted(by_debtor.items())
    }


def read_invoices(lines):
    """Yields (debtor, amount_due) from lines such as ``name;12``; a line that is not one raises with its number."""
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        debtor, separator, raw_amount_due = line.rstrip().partition(";")
        if not separator or not raw_amount_due.strip().isdigit():
            raise ValueError(f"line {number}: expected 'debtor;amount_due', found {line!r}")
        yield debtor.strip(), int(raw_amount_due)
