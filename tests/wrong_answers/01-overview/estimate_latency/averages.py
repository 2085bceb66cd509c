"""Takes the average call of a batch for its time.

check: overlapping, a batch takes as long as its longest call
mistake: too-short
points: 5
"""

def estimate_latency(model_s, batches, *, concurrent):
    if not concurrent:
        return model_s * (len(batches) + 1) + sum(map(sum, batches))
    return model_s * (len(batches) + 1) + sum(sum(batch) / len(batch) for batch in batches)
