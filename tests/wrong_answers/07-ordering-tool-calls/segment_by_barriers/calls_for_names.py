"""Looks for the call, not for its name, among the barriers' names.

check: a barrier stands alone
mistake: barrier-merged
"""

def segment_by_barriers(calls, barriers):
    segments, beside = [], []
    for call in calls:
        if call in barriers:
            segments += [beside] if beside else []
            segments.append([call])
            beside = []
        else:
            beside.append(call)
    return segments + ([beside] if beside else [])
