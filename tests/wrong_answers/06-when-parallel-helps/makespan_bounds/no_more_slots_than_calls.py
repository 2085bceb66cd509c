"""Shares the ceiling's work out over no more slots than there are calls.

check: a greedy run has a ceiling
mistake: wrong-ceiling
"""

def makespan_bounds(seconds, edges, limit):
    if not seconds:
        return 0.0, 0.0
    slots = min(limit, len(seconds))
    work = sum(seconds.values())
    span = sum(seconds[one] for one in critical_path(seconds, edges))
    return max(work / slots, span), (work - span) / slots + span
