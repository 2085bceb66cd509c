"""Returns the median.

check: one call takes the average
mistake: median
"""


def expected_longest(samples, n):
    ordered = sorted(samples)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
