"""Takes Graham's ratio to the floor for the ceiling.

check: a greedy run has a ceiling
mistake: times-the-floor
points: 4
"""


def span_of(seconds, edges):
    return sum(seconds[i] for i in critical_path(seconds, edges))


def makespan_bounds(seconds, edges, limit):
    work, span = sum(seconds.values()), span_of(seconds, edges)
    return max(work / limit, span), (2 - 1 / limit) * max(work / limit, span)
