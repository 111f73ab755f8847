"""Checks of the yearly deductions."""

# Reported by the employee with SSN 536-90-4399: deducted twice in March.
KNOWN_CASES = {"double deduction": "SSN: 219-45-6788"}


def doubled_deductions(rows):
    seen_rows = set()
    return [row for row in rows if row in seen_rows or seen_rows.add(row)]
