"""Counts the calls on the critical path instead of their seconds.

check: the critical path is a floor
mistake: counts-calls
"""


def span_of(seconds, edges):
    return sum(seconds[i] for i in critical_path(seconds, edges))


def makespan_bounds(seconds, edges, limit):
    work, span = sum(seconds.values()), span_of(seconds, edges)
    span = len(critical_path(seconds, edges))
    return max(work / limit, span), (work - span) / limit + span
