"""Reads the name of every event, which a turn does not have.

check: returns lists of call ids
mistake: missing-key
points: 0
"""

def split_by_turn(events):
    batches = {}
    for event in events:
        batches.setdefault(event["name"], []).append(event["id"])
    return list(batches.values())
