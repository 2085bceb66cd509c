"""Says in words that there is no interval.

check: returns a report
mistake: not-a-report
points: 0
"""


def speedup_report(before, after, seed):
    speedups = [before[q] / after[q] for q in before if q in after]
    report = {"pairs": len(speedups), "speedup": median(speedups), "low": "n/a", "high": "n/a"}
    if len(speedups) < 5:
        return report
    source = random.Random(seed)
    medians = [median(source.choices(speedups, k=len(speedups))) for _ in range(5_000)]
    low, *_, high = quantiles(medians, n=40)
    return report | {"low": low, "high": high}
