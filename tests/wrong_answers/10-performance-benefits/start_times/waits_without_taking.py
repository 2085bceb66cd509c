"""Waits for a token and leaves it in the bucket.

check: never more than the bucket holds
mistake: too-early
"""


def start_times(arrivals, rate, burst):
    starts = []
    tokens, since = float(burst), arrivals[0] if arrivals else 0.0
    for arrival in arrivals:
        now = max(arrival, since)
        tokens = min(burst, tokens + (now - since) * rate)
        wait = max(0.0, 1 - tokens) / rate
        tokens, since = max(0.0, tokens - 1), now
        starts.append(now + wait)
    return starts
