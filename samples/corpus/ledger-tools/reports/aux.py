"""Auxiliary columns of the printed reports."""

AUXILIARY_COLUMNS = ("running total", "share of the year")


def with_running_total(amounts):
    running = 0
    for amount in amounts:
        running += amount
        yield amount, running
