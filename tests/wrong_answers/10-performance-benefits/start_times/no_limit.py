"""Starts every call at its arrival.

check: never more than the bucket holds
mistake: too-early
"""


def start_times(arrivals, rate, burst):
    return list(arrivals)
