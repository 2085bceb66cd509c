"""Adds and subtracts two standard deviations.

check: an interval of 95 %
mistake: outside-the-pairs
"""


def speedup_report(before, after, seed):
    speedups = [before[q] / after[q] for q in before if q in after]
    middle, n = median(speedups), len(speedups)
    report = {"pairs": n, "speedup": middle, "low": None, "high": None}
    if n < 5:
        return report
    spread = (sum((s - fmean(speedups)) ** 2 for s in speedups) / (n - 1)) ** 0.5
    return report | {"low": middle - 2 * spread, "high": middle + 2 * spread}
