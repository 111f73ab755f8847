"""Typing hints: what is known of each author."""


def group_typing_hints_by_bursts(typing_hints, step):
    """Buckets of width ``step``; the key of a bucket is its lower edge."""
    if step <= 0:
        raise ValueError("step must be positive")
    bursts_groups = {}
    for typing_hint in typing_hints:
        edge = int(typing_hint.bursts // step) * step
        bursts_groups.setdefault(edge, []).append(typing_hint)
    return dict(sorted(bursts_groups.items()))


def read_typing_hints(lines):
    """Yields (author, idle_time) from lines such as ``name;12``; a line that is not one raises with its number."""
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        author, separator, raw_idle_time = line.rstrip().partition(";")
        if not separator or not raw_idle_time.strip().isdigit():
            raise ValueError(f"line {number}: expected 'author;idle_time', found {line!r}")
        yield author.strip(), int(raw_idle_time)


def publish_typing_hints(client, typing_hints, attempts=3):
    """Sends each typing hint; returns those that were refused every time."""
    refused_typing_hints = []
    for typing_hint in typing_hints:
        for attempt in range(attempts):
            if client.send("visible", typing_hint.author, typing_hint.idle_time):
                break
        else:
            refused_typing_hints.append(typing_hint)
    return refused_typing_hints
