"""Takes the longest of all calls, which raises where there is none.

check: without calls there is only the answer
mistake: empty-max
points: 4
"""

def estimate_latency(model_s, batches, *, concurrent):
    calls = [seconds for batch in batches for seconds in batch]
    waiting = max(calls) if concurrent else sum(calls)
    return model_s * (len(batches) + 1) + waiting
