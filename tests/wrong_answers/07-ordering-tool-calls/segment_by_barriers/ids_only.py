"""Returns ids instead of calls.

check: returns lists of calls
mistake: not-segments
"""

def segment_by_barriers(calls, barriers):
    return [[call.id] for call in calls]
