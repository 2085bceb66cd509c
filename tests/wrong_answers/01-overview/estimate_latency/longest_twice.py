"""Waits for the longest call and then for the others.

check: overlapping, a batch takes as long as its longest call
mistake: too-long
points: 5
"""

def estimate_latency(model_s, batches, *, concurrent):
    total = model_s * (len(batches) + 1)
    for batch in batches:
        total += sum(batch) + (max(batch) if concurrent else 0)
    return total
