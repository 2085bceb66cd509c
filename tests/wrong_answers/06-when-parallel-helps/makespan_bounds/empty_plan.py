"""Raises where there are no calls.

check: returns two numbers
mistake: raises
"""


def makespan_bounds(seconds, edges, limit):
    path = critical_path(seconds, edges)
    work, span = sum(seconds.values()), sum(seconds[i] for i in path)
    most = max(seconds.values())
    return max(work / limit, span, most), (work - span) / limit + span
