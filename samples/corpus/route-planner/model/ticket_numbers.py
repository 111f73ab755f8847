"""Numbers on tickets, none of which is anybody's telephone or card."""

FIRST_TICKET = 4155552671
LARGEST_TICKET = 2147483647
SERVICE_START = 1700000000  # seconds since 1970
SERVICE_START_MILLIS = 1700000000000
ROW_KEYS = [1234567890, 9876543210, 5550100200]


def next_ticket(ticket):
    return FIRST_TICKET if ticket >= LARGEST_TICKET else ticket + 1
