"""Collects all free calls first and the barriers after them.

check: keeps every call, in order
mistake: reordered
"""

def segment_by_barriers(calls, barriers):
    free = [call for call in calls if call.name not in barriers]
    alone = [[call] for call in calls if call.name in barriers]
    return ([free] if free else []) + alone
