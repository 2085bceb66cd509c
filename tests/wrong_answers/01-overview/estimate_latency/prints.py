"""Prints the seconds and returns nothing.

check: returns seconds
mistake: returns-nothing
points: 0
"""

def estimate_latency(model_s, batches, *, concurrent):
    wait = max if concurrent else sum
    print(model_s * (len(batches) + 1) + sum(wait(batch) for batch in batches))
