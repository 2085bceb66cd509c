"""Forgets the turn that writes the answer.

check: counts every model turn
mistake: no-final-turn
points: 4
"""

def estimate_latency(model_s, batches, *, concurrent):
    wait = max if concurrent else sum
    return model_s * len(batches) + sum(wait(batch) for batch in batches)
