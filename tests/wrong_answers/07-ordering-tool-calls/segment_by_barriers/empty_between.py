"""Starts a new segment after each barrier, needed or not.

check: no segment is empty
mistake: empty-segment
"""

def segment_by_barriers(calls, barriers):
    segments = [[]]
    for call in calls:
        if call.name in barriers:
            segments += [[call], []]
        else:
            segments[-1].append(call)
    return segments
