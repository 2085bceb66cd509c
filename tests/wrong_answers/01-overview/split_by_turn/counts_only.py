"""Says how many calls each turn makes, not which.

check: returns lists of call ids
mistake: not-lists
points: 0
"""

def split_by_turn(events):
    counts = []
    for event in events:
        if event["type"] == "turn_start":
            counts.append(0)
        elif event["type"] == "call":
            counts[-1] += 1
    return [count for count in counts if count]
