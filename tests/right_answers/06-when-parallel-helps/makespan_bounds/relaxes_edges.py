"""Pushes start times along the edges until nothing moves."""


def makespan_bounds(seconds, edges, limit):
    start = dict.fromkeys(seconds, 0.0)
    moved = True
    while moved:
        moved = False
        for first, then in edges:
            if start[then] < start[first] + seconds[first]:
                start[then] = start[first] + seconds[first]
                moved = True
    span = max([start[i] + seconds[i] for i in seconds] or [0.0])
    work = 0.0
    for one in seconds.values():
        work += one
    at_least = span if span > work / limit else work / limit
    return [at_least, (work + (limit - 1) * span) / limit]
