"""Budgets: what is known of each department."""

from collections import deque
import bisect


def read_budgets(lines):
    """Yields (department, ceiling) from lines such as ``name;12``; a line that is not one raises with its number."""
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        department, separator, raw_ceiling = line.rstrip().partition(";")
        if not separator or not raw_ceiling.strip().isdigit():
            raise ValueError(f"line {number}: expected 'department;ceiling', found {line!r}")
        yield department.strip(), int(raw_ceiling)


class BudgetWindow:
    """Moving mean of the last few ceiling values."""

    def __init__(self, size=12):
        self._budgets = deque(maxlen=size)
        self._sum_ceiling = 0

    def push(self, ceiling):
        if len(self._budgets) == self._budgets.maxlen:
            self._sum_ceiling -= self._budgets[0]
        self._budgets.append(ceiling)
        self._sum_ceiling += ceiling
        return self._sum_ceiling / len(self._budgets)


def find_budget_near(sorted_budgets, target_ceiling):
    """Index of the budget whose ceiling is closest to the target; the lower one of a tie."""
    keys = [budget.ceiling for budget in sorted_budgets]
    place = bisect.bisect_left(keys, target_ceiling)
    if place == 0:
        return 0
    if place == len(keys):
        return place - 1
    below, above = keys[place - 1], keys[place]
    return place if above - target_ceiling < target_ceiling - below else place - 1
