"""Counts the critical path on top of all the work.

check: a greedy run has a ceiling
mistake: loose-ceiling
points: 4
"""


def span_of(seconds, edges):
    return sum(seconds[i] for i in critical_path(seconds, edges))


def makespan_bounds(seconds, edges, limit):
    work, span = sum(seconds.values()), span_of(seconds, edges)
    return max(work / limit, span), work / limit + span
