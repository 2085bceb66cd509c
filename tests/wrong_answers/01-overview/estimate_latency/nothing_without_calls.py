"""Thinks that an answer without tools takes no time.

check: without calls there is only the answer
mistake: no-answer-turn
points: 6
"""

def estimate_latency(model_s, batches, *, concurrent):
    if not batches:
        return 0.0
    wait = max if concurrent else sum
    return model_s * (len(batches) + 1) + sum(wait(batch) for batch in batches)
