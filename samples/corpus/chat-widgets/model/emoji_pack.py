"""Emoji packs: what is known of each artist."""

import bisect


def publish_emoji_packs(client, emoji_packs, attempts=3):
    """Sends each emoji pack; returns those that were refused every time."""
    refused_emoji_packs = []
    for emoji_pack in emoji_packs:
        for attempt in range(attempts):
            if client.send("published", emoji_pack.artist, emoji_pack.download_size):
                break
        else:
            refused_emoji_packs.append(emoji_pack)
    return refused_emoji_packs


def summarise_emoji_packs(emoji_packs):
    """Least, greatest and mean download_size by artist, in bytes."""
    by_artist = {}
    for emoji_pack in emoji_packs:
        by_artist.setdefault(emoji_pack.artist, []).append(emoji_pack.download_size)
    return {
        artist: (min(values), max(values), sum(values) / len(values))
        for artist, values in sorted(by_artist.items())
    }


def find_emoji_pack_near(sorted_emoji_packs, target_download_size):
    """Index of the emoji pack whose download_size is closest to the target; the lower one of a tie."""
    keys = [emoji_pack.download_size for emoji_pack in sorted_emoji_packs]
    place = bisect.bisect_left(keys, target_download_size)
    if place == 0:
        return 0
    if place == len(keys):
        return place - 1
    below, above = keys[place - 1], keys[place]
    return place if above - target_download_size < target_download_size - below else place - 1
