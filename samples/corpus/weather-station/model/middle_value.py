"""Median of unsorted numbers, without sorting all of them."""


def median_of(numbers):
    if not numbers:
        raise ValueError("no numbers, no median")
    middle = len(numbers) // 2
    below, pool = 0, list(numbers)
    while len(pool) > 1:
        pivot = pool[len(pool) // 2]
        smaller = [number for number in pool if number < pivot]
        equal = [number for number in pool if number == pivot]
        if below + len(smaller) > middle:
            pool = smaller
        elif below + len(smaller) + len(equal) > middle:
            return pivot
        else:
            below += len(smaller) + len(equal)
            pool = [number for number in pool if number > pivot]
    return pool[0]
