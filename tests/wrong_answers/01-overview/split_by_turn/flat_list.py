"""Returns all ids in one list.

check: returns lists of call ids
mistake: not-lists
points: 0
"""

def split_by_turn(events):
    return [event["id"] for event in events if event["type"] == "call"]
