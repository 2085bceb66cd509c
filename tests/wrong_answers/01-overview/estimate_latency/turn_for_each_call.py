"""Thinks that running calls one after another takes a model turn for each.

check: counts every model turn
mistake: turn-for-each-call
points: 5
"""

def estimate_latency(model_s, batches, *, concurrent):
    if concurrent:
        return model_s * (len(batches) + 1) + sum(max(batch) for batch in batches)
    calls = sum(batches, [])
    return model_s * (len(calls) + 1) + sum(calls)
