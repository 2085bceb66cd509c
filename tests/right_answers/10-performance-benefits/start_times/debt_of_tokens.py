"""Lets the bucket go below zero: the debt says how long to wait."""


def start_times(arrivals, rate, burst):
    level, seen, starts = float(burst), None, []
    for arrival in arrivals:
        if seen is not None:
            level = min(float(burst), level + (arrival - seen) * rate)
        seen = arrival
        level -= 1
        starts.append(arrival + max(0.0, -level) / rate)
    return starts
