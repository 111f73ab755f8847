"""Receipts: what is known of each merchant."""

from collections import deque
import bisect


class ReceiptWindow:
    """Moving mean of the last few gross_total values."""

    def __init__(self, size=12):
        self._receipts = deque(maxlen=size)
        self._sum_gross_total = 0

    def push(self, gross_total):
        if len(self._receipts) == self._receipts.maxlen:
            self._sum_gross_total -= self._receipts[0]
        self._receipts.append(gross_total)
        self._sum_gross_total += gross_total
        return self._sum_gross_total / len(self._receipts)


def find_receipt_near(sorted_receipts, target_gross_total):
    """Index of the receipt whose gross_total is closest to the target; the lower one of a tie."""
    keys = [receipt.gross_total for receipt in sorted_receipts]
    place = bisect.bisect_left(keys, target_gross_total)
    if place == 0:
        return 0
    if place == len(keys):
        return place - 1
    below, above = keys[place - 1], keys[place]
    return place if above - target_gross_total < target_gross_total - below else place - 1


def publish_receipts(client, receipts, attempts=3):
    """Sends each receipt; returns those that were refused every time."""
    refused_receipts = []
    for receipt in receipts:
        for attempt in range(attempts):
            if client.send("archived", receipt.merchant, receipt.gross_total):
                break
        else:
            refused_receipts.append(receipt)
    return refused_receipts
