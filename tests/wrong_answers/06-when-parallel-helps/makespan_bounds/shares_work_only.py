"""Shares the work out evenly, as if no call waited for another.

check: the critical path is a floor
mistake: work-only
points: 4
"""


def span_of(seconds, edges):
    return sum(seconds[i] for i in critical_path(seconds, edges))


def makespan_bounds(seconds, edges, limit):
    work, span = sum(seconds.values()), span_of(seconds, edges)
    return work / limit, (work - span) / limit + span
