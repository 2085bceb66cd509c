"""Rounds the seconds to tenths.

check: without calls there is only the answer
mistake: rounds
points: 6
"""

def estimate_latency(model_s, batches, *, concurrent):
    wait = max if concurrent else sum
    return round(model_s * (len(batches) + 1) + sum(wait(batch) for batch in batches), 1)
