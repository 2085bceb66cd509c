"""Keeps one number: when the bucket would be full again."""


def start_times(arrivals, rate, burst):
    step, full_at, last, starts = 1 / rate, float("-inf"), float("-inf"), []
    for arrival in arrivals:
        start = max(arrival, last, full_at - (burst - 1) * step)
        full_at = max(full_at, start) + step
        last = start
        starts.append(start)
    return starts
