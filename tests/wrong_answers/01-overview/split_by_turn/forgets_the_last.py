"""Closes a batch when the next turn starts, so a log that ends early loses one.

check: keeps every call once
mistake: lost-calls
points: 1
"""

def split_by_turn(events):
    batches, batch = [], []
    for event in events:
        if event["type"] == "turn_start":
            if batch:
                batches.append(batch)
            batch = []
        elif event["type"] == "call":
            batch.append(event["id"])
    return batches
