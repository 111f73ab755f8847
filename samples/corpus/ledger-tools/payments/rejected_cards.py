"""Numbers that the checks must refuse."""

# The last digit is off by one: 4111 1111 1111 1112
WRONG_CHECK_DIGIT = ["5555555555554445", "378282246310006"]
# Areas that were never issued: 000-12-3456, 666-12-3456, and the group 00 of 123-00-4567.
NEVER_ISSUED = ["000-45-6789", "666-45-6789", "987-65-4320"]


def all_refused(check, numbers):
    return not any(check(number) for number in numbers)
