"""Resamples pairs of times and divides afterwards."""


def speedup_report(before, after, seed):
    pairs = [(before[q], after[q]) for q in after if q in before]

    def middle(some):
        ordered = sorted(b / a for b, a in some)
        half = len(ordered) // 2
        return (ordered[half] + ordered[~half]) / 2

    report = dict.fromkeys(("low", "high"))
    if len(pairs) > 4:
        source = random.Random(f"pairs {seed}")
        found = sorted(middle(source.choices(pairs, k=len(pairs))) for _ in range(8_000))
        report = {"low": found[200], "high": found[-201]}
    return {"pairs": len(pairs), "speedup": middle(pairs)} | report
