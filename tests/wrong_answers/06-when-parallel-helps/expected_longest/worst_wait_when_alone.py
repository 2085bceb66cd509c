"""Takes the longest wait in the log, also for one call.

check: one call takes the average
mistake: worst-of-all
points: 1
"""


def expected_longest(samples, n):
    return max(samples)
