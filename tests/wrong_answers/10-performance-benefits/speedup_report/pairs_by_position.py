"""Pairs the two dicts by position.

check: the median of the pairs' speed-ups
mistake: pairs-by-position
"""


def speedup_report(before, after, seed):
    speedups = [b / a for b, a in zip(before.values(), after.values())]
    report = {"pairs": len(speedups), "speedup": median(speedups), "low": None, "high": None}
    if len(speedups) < 5:
        return report
    source = random.Random(seed)
    medians = [median(source.choices(speedups, k=len(speedups))) for _ in range(5_000)]
    low, *_, high = quantiles(medians, n=40)
    return report | {"low": low, "high": high}
