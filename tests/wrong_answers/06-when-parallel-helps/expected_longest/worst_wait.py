"""Returns the longest wait in the log.

check: the slowest of n decides
mistake: worst-of-all
points: 1
"""


def expected_longest(samples, n):
    return max(samples)
