"""Returns the waits instead of the starts.

check: no call before its arrival, none before the one ahead
mistake: before-arrival
"""


def start_times(arrivals, rate, burst):
    starts = []
    tokens, since = float(burst), arrivals[0] if arrivals else 0.0
    for arrival in arrivals:
        now = max(arrival, since)
        tokens = min(burst, tokens + (now - since) * rate)
        wait = max(0.0, 1 - tokens) / rate
        tokens, since = tokens + wait * rate - 1, now + wait
        starts.append(since - arrival)
    return starts
