"""Looks into the bucket once a second.

check: nobody waits for nothing
mistake: too-late
"""


def start_times(arrivals, rate, burst):
    starts, tokens, now = [], float(burst), arrivals[0] if arrivals else 0.0
    for arrival in arrivals:
        if arrival > now:
            tokens, now = min(burst, tokens + (arrival - now) * rate), arrival
        while tokens < 1:
            now += 1
            tokens = min(burst, tokens + rate)
        tokens -= 1
        starts.append(now)
    return starts
