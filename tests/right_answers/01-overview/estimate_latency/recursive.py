"""Estimates the first batch and asks itself about the rest."""

def estimate_latency(model_s, batches, *, concurrent):
    if not batches:
        return model_s
    first, *rest = batches
    waiting = max(first) if concurrent else sum(first)
    return model_s + waiting + estimate_latency(model_s, rest, concurrent=concurrent)
