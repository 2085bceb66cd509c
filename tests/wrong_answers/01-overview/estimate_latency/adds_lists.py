"""Adds a list of seconds to a number.

check: returns seconds
mistake: raises
"""

def estimate_latency(model_s, batches, *, concurrent):
    total = model_s * (len(batches) + 1)
    for batch in batches:
        total += batch if not concurrent else max(batch)
    return total
