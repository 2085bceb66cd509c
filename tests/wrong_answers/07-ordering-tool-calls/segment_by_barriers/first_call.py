"""Looks at the first call before there is one.

check: returns lists of calls
mistake: raises
"""

def segment_by_barriers(calls, barriers):
    segments = [[calls[0]]]
    for before, call in zip(calls, calls[1:]):
        if call.name in barriers or before.name in barriers:
            segments.append([call])
        else:
            segments[-1].append(call)
    return segments
