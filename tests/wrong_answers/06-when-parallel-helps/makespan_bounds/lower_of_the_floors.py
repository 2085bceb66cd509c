"""Takes the lower of the two floors.

check: the critical path is a floor
mistake: work-only
"""


def span_of(seconds, edges):
    return sum(seconds[i] for i in critical_path(seconds, edges))


def makespan_bounds(seconds, edges, limit):
    work, span = sum(seconds.values()), span_of(seconds, edges)
    return min(work / limit, span), (work - span) / limit + span
