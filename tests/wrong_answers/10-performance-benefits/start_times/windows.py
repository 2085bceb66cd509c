"""Allows a burst in each window of its own length.

check: nobody waits for nothing
mistake: too-late
"""


def start_times(arrivals, rate, burst):
    starts, opened, count = [], None, 0
    for arrival in arrivals:
        now = max(arrival, starts[-1]) if starts else arrival
        if opened is None or now >= opened + burst / rate:
            opened, count = now, 0
        elif count == burst:
            now, opened, count = opened + burst / rate, opened + burst / rate, 0
        starts.append(now)
        count += 1
    return starts
