"""Multiplies the chance of the worst wait by n.

check: many calls meet rare waits
mistake: adds-odds
"""


def expected_longest(samples, n):
    worst, usual = max(samples), min(samples)
    odds = min(1.0, n * samples.count(worst) / len(samples))
    return usual + (worst - usual) * odds if n > 1 else fmean(samples)
