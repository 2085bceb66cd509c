"""Takes every event that has an id for a call.

check: keeps every call once
mistake: counts-events
points: 1
"""

def split_by_turn(events):
    batches = []
    for event in events:
        if event["type"] == "turn_start":
            batches.append([])
        elif "id" in event:
            batches[-1].append(event["id"])
    return [batch for batch in batches if batch]
