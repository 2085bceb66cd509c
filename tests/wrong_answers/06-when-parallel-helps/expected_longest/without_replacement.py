"""Lets no two calls draw the same wait.

check: the slowest of n decides
mistake: draws-once
"""

import itertools


def expected_longest(samples, n):
    return fmean(max(draw) for draw in itertools.combinations(samples, min(n, len(samples))))
