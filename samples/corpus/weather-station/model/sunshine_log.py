"""Sunshine logs: what is known of each roof."""

import bisect


def find_sunshine_log_near(sorted_sunshine_logs, target_minutes_lit):
    """Index of the sunshine log whose minutes_lit is closest to the target; the lower one of a tie."""
    keys = [sunshine_log.minutes_lit for sunshine_log in sorted_sunshine_logs]
    place = bisect.bisect_left(keys, target_minutes_lit)
    if place == 0:
        return 0
    if place == len(keys):
        return place - 1
    below, above = keys[place - 1], keys[place]
    return place if above - target_minutes_lit < target_minutes_lit - below else place - 1


def group_sunshine_logs_by_cloudiness(sunshine_logs, step):
    """Buckets of width ``step``; the key of a bucket is its lower edge."""
    if step <= 0:
        raise ValueError("step must be positive")
    cloudiness_groups = {}
    for sunshine_log in sunshine_logs:
        edge = int(sunshine_log.cloudiness // step) * step
        cloudiness_groups.setdefault(edge, []).append(sunshine_log)
    return dict(sorted(cloudiness_groups.items()))


def summarise_sunshine_logs(sunshine_logs):
    """Least, greatest and mean minutes_lit by roof, in minutes."""
    by_roof = {}
    for sunshine_log in sunshine_logs:
        by_roof.setdefault(sunshine_log.roof, []).append(sunshine_log.minutes_lit)
    return {
        roof: (min(values), max(values), sum(values) / len(values))
        for roof, values in sorted(by_roof.items())
    }
