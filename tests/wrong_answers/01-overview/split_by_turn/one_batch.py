"""Puts all calls of the log into one batch.

check: one batch for each turn that calls
mistake: one-batch
points: 2
"""

def split_by_turn(events):
    return [[event["id"] for event in events if event["type"] == "call"]]
