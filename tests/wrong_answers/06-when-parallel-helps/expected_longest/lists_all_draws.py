"""Makes one list of all draws: the memory is full before anything could stop it.

check: many calls meet rare waits
mistake: writes-all-draws
points: 4
"""

import itertools


def expected_longest(samples, n):
    draws = list(itertools.product(samples, repeat=n))
    return fmean(map(max, draws))
