"""Counts the ranks from zero.

check: one call takes the average
mistake: wrong-average
"""


def expected_longest(samples, n):
    m = len(samples)
    total, below = 0.0, 0.0
    for k, w in enumerate(sorted(samples)):
        total += w * ((k / m) ** n - below)
        below = (k / m) ** n
    return total
