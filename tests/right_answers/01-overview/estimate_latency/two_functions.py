"""Has a function for each way to run a batch."""

def estimate_latency(model_s, batches, *, concurrent):
    def overlapped(batch):
        return sorted(batch)[-1]

    def chained(batch):
        total = 0
        for seconds in batch:
            total += seconds
        return total

    run = overlapped if concurrent else chained
    return sum((model_s + run(batch) for batch in batches), start=model_s)
