"""Lets calls of different turns overlap.

check: overlapping, a batch takes as long as its longest call
mistake: overlaps-turns
points: 5
"""

def estimate_latency(model_s, batches, *, concurrent):
    calls = [seconds for batch in batches for seconds in batch]
    waiting = (max(calls) if concurrent else sum(calls)) if calls else 0.0
    return model_s * (len(batches) + 1) + waiting
