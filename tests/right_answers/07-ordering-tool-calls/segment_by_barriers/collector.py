"""Collects a segment and flushes it at barriers and at the end."""

def segment_by_barriers(calls, barriers):
    segments, current = [], []

    def flush():
        if current:
            segments.append(list(current))
            current.clear()

    for call in calls:
        if call.name in barriers:
            flush()
            segments.append([call])
        else:
            current.append(call)
    flush()
    return segments
