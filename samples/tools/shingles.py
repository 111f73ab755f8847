"""The measure that the near-duplicate stage uses, written in the plainest way."""

import hashlib
import re

# A token is a maximal run of ASCII letters, digits, underscore and bytes from 0x80 on; every other byte that is not
# white space is a token by itself.
_TOKEN = re.compile(rb"[A-Za-z0-9_\x80-\xff]+|[^\x00-\x20A-Za-z0-9_\x80-\xff]")


def tokens(data):
    return _TOKEN.findall(data)


def shingles(data, size=5):
    found = tokens(data)
    return {tuple(found[start:start + size]) for start in range(len(found) - size + 1)}


def jaccard(first, second):
    left, right = shingles(first), shingles(second)
    union = len(left | right)
    return len(left & right) / union if union else float(tokens(first) == tokens(second))


def blob_id(data):
    """Git's id of the bytes."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
