"""Lets a barrier close the segment before it.

check: a barrier stands alone
mistake: barrier-merged
"""

def segment_by_barriers(calls, barriers):
    segments, current = [], []
    for call in calls:
        current.append(call)
        if call.name in barriers:
            segments.append(current)
            current = []
    return segments + ([current] if current else [])
