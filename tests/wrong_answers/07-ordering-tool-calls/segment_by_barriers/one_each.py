"""Puts every call into a segment of its own.

check: neighbours stay together
mistake: cut-too-often
"""

def segment_by_barriers(calls, barriers):
    return [[call] for call in calls]
