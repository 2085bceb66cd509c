"""Uses barriers as separators and leaves them out.

check: keeps every call, in order
mistake: calls-lost
"""

def segment_by_barriers(calls, barriers):
    segments, current = [], []
    for call in calls:
        if call.name in barriers:
            if current:
                segments.append(current)
            current = []
        else:
            current.append(call)
    return segments + ([current] if current else [])
