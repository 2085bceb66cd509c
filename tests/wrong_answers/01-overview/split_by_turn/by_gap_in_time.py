"""Begins a batch after more than half a second without a call.

check: one batch for each turn that calls
mistake: by-time
points: 2
"""

def split_by_turn(events):
    batches, last = [], None
    for event in events:
        if event["type"] != "call":
            continue
        if last is None or event["time"] - last > 0.5:
            batches.append([])
        batches[-1].append(event["id"])
        last = event["time"]
    return batches
