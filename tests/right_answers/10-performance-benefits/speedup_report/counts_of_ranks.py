"""Draws ranks of sorted speed-ups: the median of ranks tells the median."""


def speedup_report(before, after, seed):
    ordered = sorted(before[q] / after[q] for q in before.keys() & after.keys())
    n = len(ordered)
    source = random.Random(seed + 1)

    def at(place):
        return (ordered[int(place)] + ordered[int(place + 0.5)]) / 2

    low = high = None
    if n >= 5:
        places = sorted(median(int(source.random() * n) for _ in range(n)) for _ in range(6_000))
        low, high = at(places[149]), at(places[5_850])
    return {"pairs": n, "speedup": median(ordered), "low": low, "high": high}
