"""Takes the waits in the order of the log.

check: the slowest of n decides
mistake: too-short
"""


def expected_longest(samples, n):
    m = len(samples)
    return sum(
        w * (((k + 1) / m) ** n - (k / m) ** n) for k, w in enumerate(sorted(samples, reverse=True))
    )
