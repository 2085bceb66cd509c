"""Writes down every possible draw.

check: many calls meet rare waits
mistake: writes-all-draws
points: 4
"""

import itertools


def expected_longest(samples, n):
    return fmean(map(max, itertools.product(samples, repeat=n)))
