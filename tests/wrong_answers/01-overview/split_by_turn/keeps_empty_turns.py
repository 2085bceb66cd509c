"""Makes a batch of a turn that only writes text.

check: one batch for each turn that calls
mistake: empty-batch
points: 2
"""

def split_by_turn(events):
    batches = []
    for event in events:
        if event["type"] == "turn_start":
            batches.append([])
        elif event["type"] == "call":
            batches[-1].append(event["id"])
    return batches
