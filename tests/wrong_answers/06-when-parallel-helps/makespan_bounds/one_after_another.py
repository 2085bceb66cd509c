"""Says that a greedy run may take as long as one call after another.

check: a greedy run has a ceiling
mistake: serial-ceiling
points: 4
"""


def span_of(seconds, edges):
    return sum(seconds[i] for i in critical_path(seconds, edges))


def makespan_bounds(seconds, edges, limit):
    work, span = sum(seconds.values()), span_of(seconds, edges)
    return max(work / limit, span), work
