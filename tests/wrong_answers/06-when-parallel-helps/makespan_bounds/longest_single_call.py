"""Takes the longest call for the critical path.

check: the critical path is a floor
mistake: longest-call
"""


def span_of(seconds, edges):
    return sum(seconds[i] for i in critical_path(seconds, edges))


def makespan_bounds(seconds, edges, limit):
    work, span = sum(seconds.values()), span_of(seconds, edges)
    longest = max(seconds.values(), default=0.0)
    return max(work / limit, longest), (work - longest) / limit + longest
