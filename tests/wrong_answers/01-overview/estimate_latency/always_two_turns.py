"""Counts two model turns, however many batches there are.

check: counts every model turn
mistake: ignores-batches
points: 5
"""

def estimate_latency(model_s, batches, *, concurrent):
    wait = max if concurrent else sum
    turns = 2 if batches else 1
    return model_s * turns + sum(wait(batch) for batch in batches)
