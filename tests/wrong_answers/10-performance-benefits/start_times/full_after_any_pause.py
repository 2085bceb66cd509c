"""Fills the bucket in every pause.

check: never more than the bucket holds
mistake: refills-at-once
"""


def start_times(arrivals, rate, burst):
    starts = []
    tokens, since = float(burst), arrivals[0] if arrivals else 0.0
    for arrival in arrivals:
        now = max(arrival, since)
        tokens = float(burst) if now > since else tokens
        wait = max(0.0, 1 - tokens) / rate
        tokens, since = tokens + wait * rate - 1, now + wait
        starts.append(since)
    return starts
