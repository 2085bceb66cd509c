"""Draws a hundred pairs in each resample.

check: an interval of 95 %
mistake: too-narrow
"""


def speedup_report(before, after, seed):
    speedups = [before[q] / after[q] for q in before if q in after]
    report = {"pairs": len(speedups), "speedup": median(speedups), "low": None, "high": None}
    if len(speedups) < 5:
        return report
    source = random.Random(seed)
    medians = [median(source.choices(speedups, k=101)) for _ in range(5_000)]
    low, *_, high = quantiles(medians, n=40)
    return report | {"low": low, "high": high}
