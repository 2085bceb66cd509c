"""Prints the answer and returns nothing.

check: returns seconds
mistake: returns-nothing
points: 0
"""


def expected_longest(samples, n):
    print(max(samples))
