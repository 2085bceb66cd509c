"""Takes the whole work for a floor, as if nothing overlapped.

check: the work is a floor
mistake: forgets-limit
"""


def span_of(seconds, edges):
    return sum(seconds[i] for i in critical_path(seconds, edges))


def makespan_bounds(seconds, edges, limit):
    work, span = sum(seconds.values()), span_of(seconds, edges)
    return max(work, span), (work - span) / limit + span
