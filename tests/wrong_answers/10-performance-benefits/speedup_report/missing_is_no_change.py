"""Takes a question without a partner for one that did not change.

check: compares each question with itself
mistake: counts-unpaired
"""


def speedup_report(before, after, seed):
    speedups = [
        before.get(q, after.get(q)) / after.get(q, before.get(q)) for q in {**before, **after}
    ]
    report = {"pairs": len(speedups), "speedup": median(speedups), "low": None, "high": None}
    if len(speedups) < 5:
        return report
    source = random.Random(seed)
    medians = [median(source.choices(speedups, k=len(speedups))) for _ in range(5_000)]
    low, *_, high = quantiles(medians, n=40)
    return report | {"low": low, "high": high}
