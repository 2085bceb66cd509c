"""Goes on drawing from one source for all reports.

check: the same seed gives the same report
mistake: unseeded
"""

source = random.Random(1)


def speedup_report(before, after, seed):
    speedups = [before[q] / after[q] for q in before if q in after]
    report = {"pairs": len(speedups), "speedup": median(speedups), "low": None, "high": None}
    if len(speedups) < 5:
        return report
    source = globals()["source"]
    medians = [median(source.choices(speedups, k=len(speedups))) for _ in range(20)]
    low, *_, high = quantiles(medians, n=40)
    return report | {"low": low, "high": high}
