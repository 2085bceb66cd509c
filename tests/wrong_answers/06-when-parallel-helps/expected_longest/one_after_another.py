"""Adds the waits of n calls up.

check: the slowest of n decides
mistake: adds-up
points: 2
"""


def expected_longest(samples, n):
    return n * fmean(samples)
