"""Collects the names of tools instead of ids.

check: keeps every call once
mistake: names-for-ids
points: 1
"""

def split_by_turn(events):
    batches = []
    for event in events:
        if event["type"] == "turn_start":
            batches.append([])
        elif event["type"] == "call":
            batches[-1].append(event["name"])
    return [batch for batch in batches if batch]
