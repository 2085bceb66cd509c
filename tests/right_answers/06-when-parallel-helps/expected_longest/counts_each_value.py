"""Counts equal waits once, with exact fractions."""

from collections import Counter
from fractions import Fraction


def expected_longest(samples, n):
    seen, total = 0, Fraction(0)
    for wait, times in sorted(Counter(samples).items()):
        odds = Fraction(seen + times, len(samples)) ** n - Fraction(seen, len(samples)) ** n
        total += Fraction(wait) * odds
        seen += times
    return float(total)
