"""Cuts the calls into batches of two.

check: one batch for each turn that calls
mistake: other-batches
points: 2
"""

def split_by_turn(events):
    ids = [event["id"] for event in events if event["type"] == "call"]
    return [ids[i : i + 2] for i in range(0, len(ids), 2)]
