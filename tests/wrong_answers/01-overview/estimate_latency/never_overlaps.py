"""Adds up all calls, overlapping or not.

check: overlapping, a batch takes as long as its longest call
mistake: never-overlaps
points: 5
"""

def estimate_latency(model_s, batches, *, concurrent):
    return model_s * (len(batches) + 1) + sum(map(sum, batches))
