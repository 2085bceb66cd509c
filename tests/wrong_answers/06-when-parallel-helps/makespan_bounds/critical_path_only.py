"""Takes the critical path for the whole truth, whatever the limit.

check: the work is a floor
mistake: span-only
points: 5
"""


def span_of(seconds, edges):
    return sum(seconds[i] for i in critical_path(seconds, edges))


def makespan_bounds(seconds, edges, limit):
    work, span = sum(seconds.values()), span_of(seconds, edges)
    return span, (work - span) / limit + span
