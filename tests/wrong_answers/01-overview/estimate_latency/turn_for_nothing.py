"""Counts a turn that asks for tools where no tool is asked for.

check: without calls there is only the answer
mistake: turn-for-nothing
points: 6
"""

def estimate_latency(model_s, batches, *, concurrent):
    wait = max if concurrent else sum
    turns = max(1, len(batches)) + 1
    return model_s * turns + sum(wait(batch) for batch in batches)
