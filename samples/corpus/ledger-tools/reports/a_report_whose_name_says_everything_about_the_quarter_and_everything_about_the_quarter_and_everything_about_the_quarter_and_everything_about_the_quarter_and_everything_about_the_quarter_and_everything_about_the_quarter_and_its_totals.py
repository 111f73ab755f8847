"""Totals of a quarter."""


def quarter_totals(bookings):
    totals = [0, 0, 0, 0]
    for booking in bookings:
        totals[(booking.month - 1) // 3] += booking.cents
    return totals
