"""Returns the floor alone.

check: returns two numbers
mistake: not-two-numbers
points: 0
"""


def span_of(seconds, edges):
    return sum(seconds[i] for i in critical_path(seconds, edges))


def makespan_bounds(seconds, edges, limit):
    return max(sum(seconds.values()) / limit, span_of(seconds, edges))
