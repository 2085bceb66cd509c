"""Follows the chain with the most calls, not the most seconds.

check: the critical path is a floor
mistake: shorter-path
"""


def makespan_bounds(seconds, edges, limit):
    path = critical_path(dict.fromkeys(seconds, 1.0), edges)
    work, span = sum(seconds.values()), sum(seconds[i] for i in path)
    return max(work / limit, span), (work - span) / limit + span
