"""Adds up tool time and forgets the model.

check: counts every model turn
mistake: wrong-turns
points: 4
"""

def estimate_latency(model_s, batches, *, concurrent):
    wait = max if concurrent else sum
    return float(sum(wait(batch) for batch in batches))
