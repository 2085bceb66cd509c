"""Waits until the bucket is full again.

check: nobody waits for nothing
mistake: too-late
"""


def start_times(arrivals, rate, burst):
    starts = []
    tokens, since = float(burst), arrivals[0] if arrivals else 0.0
    for arrival in arrivals:
        now = max(arrival, since)
        tokens = min(burst, tokens + (now - since) * rate)
        wait = (burst - tokens) / rate if tokens < 1 else 0.0
        tokens, since = tokens + wait * rate - 1, now + wait
        starts.append(since)
    return starts
