"""Draws places one by one, and reads ranks off the sorted medians."""


def speedup_report(before, after, seed):
    both = sorted(set(before) & set(after))
    ratios = [before[question] / after[question] for question in both]
    low = high = None
    if len(ratios) >= 5:
        chance = random.Random(seed)
        medians = []
        for _ in range(4_000):
            drawn = sorted(ratios[chance.randrange(len(ratios))] for _ in ratios)
            medians.append(median(drawn))
        medians.sort()
        low, high = medians[round(0.025 * 3_999)], medians[round(0.975 * 3_999)]
    return {"pairs": len(both), "speedup": median(ratios), "low": low, "high": high}
