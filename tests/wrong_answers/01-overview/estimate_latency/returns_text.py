"""Returns a text with a unit instead of a number.

check: returns seconds
mistake: not-seconds
points: 0
"""

def estimate_latency(model_s, batches, *, concurrent):
    wait = max if concurrent else sum
    seconds = model_s * (len(batches) + 1) + sum(wait(batch) for batch in batches)
    return f"{seconds:.1f} s"
