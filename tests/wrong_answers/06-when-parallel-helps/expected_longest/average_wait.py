"""Returns the average wait, whatever n is.

check: the slowest of n decides
mistake: average-wait
points: 2
"""


def expected_longest(samples, n):
    return fmean(samples)
