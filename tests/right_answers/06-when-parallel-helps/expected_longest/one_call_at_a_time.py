"""Adds the calls one by one to a table of odds."""


def expected_longest(samples, n):
    share = 1 / len(samples)
    odds = {}
    for wait in samples:
        odds[wait] = odds.get(wait, 0.0) + share
    waits = sorted(odds)
    longest = dict(odds)
    for _ in range(n - 1):
        below_new = below_old = 0.0
        after = {}
        for wait in waits:
            after[wait] = longest[wait] * (below_new + odds[wait]) + below_old * odds[wait]
            below_new += odds[wait]
            below_old += longest[wait]
        longest = after
    return sum(wait * chance for wait, chance in longest.items())
