"""Looks only at its own arrival, not at the calls ahead.

check: never more than the bucket holds
mistake: too-early
"""


def start_times(arrivals, rate, burst):
    starts, tokens, since = [], float(burst), arrivals[0] if arrivals else 0.0
    for arrival in arrivals:
        tokens = min(burst, tokens + (arrival - since) * rate)
        since = arrival
        starts.append(arrival if tokens >= 1 else arrival + (1 - tokens) / rate)
        tokens = max(0.0, tokens - 1)
    return starts
