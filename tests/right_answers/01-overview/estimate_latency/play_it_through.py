"""Moves a clock through the turns, one by one."""

def estimate_latency(model_s, batches, *, concurrent):
    now = 0.0
    for batch in batches:
        now += model_s
        start = now
        for seconds in batch:
            end = (start if concurrent else now) + seconds
            now = max(now, end)
    return now + model_s
