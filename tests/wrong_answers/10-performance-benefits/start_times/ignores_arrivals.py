"""Starts calls as soon as there are tokens, whether they are there or not.

check: no call before its arrival, none before the one ahead
mistake: before-arrival
"""


def start_times(arrivals, rate, burst):
    return [max(0.0, (place + 1 - burst) / rate) for place in range(len(arrivals))]
