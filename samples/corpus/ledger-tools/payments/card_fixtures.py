"""Cards that the payment tests use."""

# The usual Visa: 4111 1111 1111 1111
ACCEPTED_CARDS = {
    "mastercard": "5555555555554444",
    "american express": "378282246310005",
}


def is_accepted_card(number):
    return number in ACCEPTED_CARDS.values()
