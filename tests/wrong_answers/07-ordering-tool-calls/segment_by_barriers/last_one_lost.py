"""Forgets the segment that is open when the loop ends.

check: keeps every call, in order
mistake: calls-lost
"""

def segment_by_barriers(calls, barriers):
    segments, current = [], []
    for call in calls:
        if call.name in barriers:
            if current:
                segments.append(current)
            segments.append([call])
            current = []
        else:
            current.append(call)
    return segments
