"""Resamples before and after apart.

check: an interval of 95 %
mistake: outside-the-pairs
"""


def speedup_report(before, after, seed):
    both = [q for q in before if q in after]
    report = {"pairs": len(both), "speedup": median(before[q] / after[q] for q in both)}
    if len(both) < 5:
        return report | {"low": None, "high": None}
    source = random.Random(seed)

    def side(times):
        return median(times[q] for q in source.choices(both, k=len(both)))

    low, *_, high = quantiles([side(before) / side(after) for _ in range(5_000)], n=40)
    return report | {"low": low, "high": high}
