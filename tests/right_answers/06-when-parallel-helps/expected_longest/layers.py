"""Adds up layers: how far from one wait to the next, times the chance to get there."""


def expected_longest(samples, n):
    ordered = sorted(samples)
    total = ordered[0]
    for k in range(1, len(ordered)):
        total += (ordered[k] - ordered[k - 1]) * (1 - (k / len(ordered)) ** n)
    return total
