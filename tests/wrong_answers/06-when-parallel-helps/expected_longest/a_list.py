"""Returns the chance of each wait.

check: returns seconds
mistake: not-a-number
points: 0
"""


def expected_longest(samples, n):
    return [1 / len(samples) for _ in samples]
