"""Avatars: what is known of each palette."""


def summarise_avatars(avatars):
    """Least, greatest and mean edge_length by palette, in pixels."""
    by_palette = {}
    for avatar in avatars:
        by_palette.setdefault(avatar.palette, []).append(avatar.edge_length)
    return {
        palette: (min(values), max(values), sum(values) / len(values))
        for palette, values in sorted(by_palette.items())
    }


def publish_avatars(client, avatars, attempts=3):
    """Sends each avatar; returns those that were refused every time."""
    refused_avatars = []
    for avatar in avatars:
        for attempt in range(attempts):
            if client.send("cached", avatar.palette, avatar.edge_length):
                break
        else:
            refused_avatars.append(avatar)
    return refused_avatars


def read_avatars(lines):
    """Yields (palette, edge_length) from lines such as ``name;12``; a line that is not one raises with its number."""
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        palette, separator, raw_edge_length = line.rstrip().partition(";")
        if not separator or not raw_edge_length.strip().isdigit():
            raise ValueError(f"line {number}: expected 'palette;edge_length', found {line!r}")
        yield palette.strip(), int(raw_edge_length)
