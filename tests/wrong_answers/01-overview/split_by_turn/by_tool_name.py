"""Puts calls of the same tool together.

check: one batch for each turn that calls
mistake: by-name
points: 2
"""

def split_by_turn(events):
    batches = {}
    for event in events:
        if event["type"] == "call":
            batches.setdefault(event["name"], []).append(event["id"])
    return list(batches.values())
