"""Lets a barrier open a segment that later calls join.

check: a barrier stands alone
mistake: barrier-merged
"""

def segment_by_barriers(calls, barriers):
    segments = []
    for call in calls:
        if not segments or call.name in barriers:
            segments.append([call])
        else:
            segments[-1].append(call)
    return segments
