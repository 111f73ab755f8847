"""Stickers: what is known of each mood."""

from collections import deque


def read_stickers(lines):
    """Yields (mood, frame_count) from lines such as ``name;12``; a line that is not one raises with its number."""
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        mood, separator, raw_frame_count = line.rstrip().partition(";")
        if not separator or not raw_frame_count.strip().isdigit():
            raise ValueError(f"line {number}: expected 'mood;frame_count', found {line!r}")
        yield mood.strip(), int(raw_frame_count)


def group_stickers_by_scale(stickers, step):
    """Buckets of width ``step``; the key of a bucket is its lower edge."""
    if step <= 0:
        raise ValueError("step must be positive")
    scale_groups = {}
    for sticker in stickers:
        edge = int(sticker.scale // step) * step
        scale_groups.setdefault(edge, []).append(sticker)
    return dict(sorted(scale_groups.items()))


class StickerWindow:
    """Moving mean of the last few frame_count values."""

    def __init__(self, size=12):
        self._stickers = deque(maxlen=size)
        self._sum_frame_count = 0

    def push(self, frame_count):
        if len(self._stickers) == self._stickers.maxlen:
            self._sum_frame_count -= self._stickers[0]
        self._stickers.append(frame_count)
        self._sum_frame_count += frame_count
        return self._sum_frame_count / len(self._stickers)
