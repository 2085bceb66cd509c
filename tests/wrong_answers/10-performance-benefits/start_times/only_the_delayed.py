"""Returns only the calls that have to wait.

check: returns a start for each call
mistake: not-a-list-of-starts
points: 0
"""


def start_times(arrivals, rate, burst):
    starts = []
    tokens, since = float(burst), arrivals[0] if arrivals else 0.0
    for arrival in arrivals:
        now = max(arrival, since)
        tokens = min(burst, tokens + (now - since) * rate)
        wait = max(0.0, 1 - tokens) / rate
        tokens, since = tokens + wait * rate - 1, now + wait
        if wait:
            starts.append(since)
    return starts
