"""Keeps a fixed distance between starts.

check: nobody waits for nothing
mistake: starts-empty
"""


def start_times(arrivals, rate, burst):
    starts = []
    for arrival in arrivals:
        starts.append(max(arrival, starts[-1] + 1 / rate) if starts else arrival)
    return starts
