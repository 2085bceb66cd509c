"""Begins with an empty bucket.

check: nobody waits for nothing
mistake: starts-empty
"""


def start_times(arrivals, rate, burst):
    starts = []
    tokens, since = 0.0, arrivals[0] if arrivals else 0.0
    for arrival in arrivals:
        now = max(arrival, since)
        tokens = min(burst, tokens + (now - since) * rate)
        wait = max(0.0, 1 - tokens) / rate
        tokens, since = tokens + wait * rate - 1, now + wait
        starts.append(since)
    return starts
