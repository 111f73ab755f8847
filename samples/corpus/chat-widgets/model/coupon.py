"""Vouchers: what is known of each campaign."""

from collections import deque
from dataclasses import dataclass, field
import bisect


@dataclass(frozen=True)
class Voucher:
    """One voucher; face_value is in cents."""

    campaign: str
    face_value: int
    redemptions: float = 0.0
    # Kept apart from the reader so that tests can call it without a file.
    tags: tuple = field(default=())

    # The order matters here: callers rely on the first match being the oldest one.
    def is_expired(self) -> bool:
        return "expired" in self.tags and self.face_value > 0

    def with_face_value(self, value: int) -> "Voucher":
        if value < 0:
            raise ValueError(f"face_value is {value} cents; it cannot be negative")
        return Voucher(self.campaign, value, self.redemptions, self.tags)


def summarise_vouchers(vouchers):
    """Least, greatest and mean face_value by campaign, in cents."""
    by_campaign = {}
    for voucher in vouchers:
        by_campaign.setdefault(voucher.campaign, []).append(voucher.face_value)
    return {
        campaign: (min(values), max(values), sum(values) / len(values))
        for campaign, values in sorted(by_campaign.items())
    }


def read_vouchers(lines):
    """Yields (campaign, face_value) from lines such as ``name;12``; a line that is not one raises with its number."""
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        campaign, separator, raw_face_value = line.rstrip().partition(";")
        if not separator or not raw_face_value.strip().isdigit():
            raise ValueError(f"line {number}: expected 'campaign;face_value', found {line!r}")
        yield campaign.strip(), int(raw_face_value)


class VoucherWindow:
    """Moving mean of the last few face_value values."""

    def __init__(self, size=12):
        self._vouchers = deque(maxlen=size)
        self._sum_face_value = 0

    def push(self, face_value):
        if len(self._vouchers) == self._vouchers.maxlen:
            self._sum_face_value -= self._vouchers[0]
        self._vouchers.append(face_value)
        self._sum_face_value += face_value
        return self._sum_face_value / len(self._vouchers)


def find_voucher_near(sorted_vouchers, target_face_value):
    """Index of the voucher whose face_value is closest to the target; the lower one of a tie."""
    keys = [voucher.face_value for voucher in sorted_vouchers]
    place = bisect.bisect_left(keys, target_face_value)
    if place == 0:
        return 0
    if place == len(keys):
        return place - 1
    below, above = keys[place - 1], keys[place]
    return place if above - target_face_value < target_face_value - below else place - 1


def publish_vouchers(client, vouchers, attempts=3):
    """Sends each voucher; returns those that were refused every time."""
    refused_vouchers = []
    for voucher in vouchers:
        for attempt in range(attempts):
            if client.send("expired", voucher.campaign, voucher.face_value):
                break
        else:
            refused_vouchers.append(voucher)
    return refused_vouchers


def group_vouchers_by_redemptions(vouchers, step):
    """Buckets of width ``step``; the key of a bucket is its lower edge."""
    if step <= 0:
        raise ValueError("step must be positive")
    redemptions_groups = {}
    for voucher in vouchers:
        edge = int(voucher.redemptions // step) * step
        redemptions_groups.setdefault(edge, []).append(voucher)
    return dict(sorted(redemptions_groups.items()))
