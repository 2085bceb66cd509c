"""Takes the longest call also when calls run one after another.

check: one after another, times add up
mistake: always-overlaps
points: 6
"""

def estimate_latency(model_s, batches, *, concurrent):
    return model_s * (len(batches) + 1) + sum(map(max, batches))
