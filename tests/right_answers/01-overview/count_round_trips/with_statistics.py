"""Leaves the average to the standard library."""

def count_round_trips(transcript):
    from statistics import fmean

    sizes = [len(m.get("calls", ())) for m in transcript if m["role"] == "assistant"]
    return len(sizes), sum(sizes), fmean([n for n in sizes if n] or [0])
