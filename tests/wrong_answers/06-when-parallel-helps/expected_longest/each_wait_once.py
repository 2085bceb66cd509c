"""Makes a set of the samples: a wait that occurs twice counts once.

check: the slowest of n decides
mistake: each-wait-once
"""

def expected_longest(samples, n):
    waits = sorted(set(samples))
    size = len(waits)
    return sum(w * ((k / size) ** n - ((k - 1) / size) ** n) for k, w in enumerate(waits, 1))
