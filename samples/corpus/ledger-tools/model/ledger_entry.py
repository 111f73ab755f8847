"""Ledger entries: what is known of each account."""

from collections import deque


def summarise_ledger_entries(ledger_entries):
    """Least, greatest and mean posting by account, in cents."""
    by_account = {}
    for ledger_entry in ledger_entries:
        by_account.setdefault(ledger_entry.account, []).append(ledger_entry.posting)
    return {
        account: (min(values), max(values), sum(values) / len(values))
        for account, values in sorted(by_account.items())
    }


def read_ledger_entries(lines):
    """Yields (account, posting) from lines such as ``name;12``; a line that is not one raises with its number."""
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        account, separator, raw_posting = line.rstrip().partition(";")
        if not separator or not raw_posting.strip().isdigit():
            raise ValueError(f"line {number}: expected 'account;posting', found {line!r}")
        yield account.strip(), int(raw_posting)


class LedgerEntryWindow:
    """Moving mean of the last few posting values."""

    def __init__(self, size=12):
        self._ledger_entries = deque(maxlen=size)
        self._sum_posting = 0

    def push(self, posting):
        if len(self._ledger_entries) == self._ledger_entries.maxlen:
            self._sum_posting -= self._ledger_entries[0]
        self._ledger_entries.append(posting)
        self._sum_posting += posting
        return self._sum_posting / len(self._ledger_entries)
