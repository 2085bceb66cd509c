"""Gives every call a batch of its own.

check: one batch for each turn that calls
mistake: one-call-a-batch
points: 2
"""

def split_by_turn(events):
    return [[event["id"]] for event in events if event["type"] == "call"]
