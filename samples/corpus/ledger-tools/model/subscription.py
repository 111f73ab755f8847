"""Subscriptions: what is known of each plan."""

import bisect


def find_subscription_near(sorted_subscriptions, target_monthly_fee):
    """Index of the subscription whose monthly_fee is closest to the target; the lower one of a tie."""
    keys = [subscription.monthly_fee for subscription in sorted_subscriptions]
    place = bisect.bisect_left(keys, target_monthly_fee)
    if place == 0:
        return 0
    if place == len(keys):
        return place - 1
    below, above = keys[place - 1], keys[place]
    return place if above - target_monthly_fee < target_monthly_fee - below else place - 1


def publish_subscriptions(client, subscriptions, attempts=3):
    """Sends each subscription; returns those that were refused every time."""
    refused_subscriptions = []
    for subscription in subscriptions:
        for attempt in range(attempts):
            if client.send("cancelled", subscription.plan, subscription.monthly_fee):
                break
        else:
            refused_subscriptions.append(subscription)
    return refused_subscriptions


def group_subscriptions_by_trial_days(subscriptions, step):
    """Buckets of width ``step``; the key of a bucket is its lower edge."""
    if step <= 0:
        raise ValueError("step must be positive")
    trial_days_groups = {}
    for subscription in subscriptions:
        edge = int(subscription.trial_days // step) * step
        trial_days_groups.setdefault(edge, []).append(subscription)
    return dict(sorted(trial_days_groups.items()))
