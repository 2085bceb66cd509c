"""Sorts the ids as text, which puts call_10 before call_9.

check: keeps the order of emission
mistake: other-order
points: 4
"""

def split_by_turn(events):
    batches = []
    for event in events:
        if event["type"] == "turn_start":
            batches.append([])
        elif event["type"] == "call":
            batches[-1].append(event["id"])
    return [sorted(batch) for batch in batches if batch]
