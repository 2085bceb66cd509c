"""Puts the calls of a batch in the order of their answers.

check: keeps the order of emission
mistake: other-order
points: 4
"""

def split_by_turn(events):
    done = [event["id"] for event in events if event["type"] == "tool_end"]
    batches = []
    for event in events:
        if event["type"] == "turn_start":
            batches.append([])
        elif event["type"] == "call":
            batches[-1].append(event["id"])
    place = {call_id: n for n, call_id in enumerate(done)}
    return [sorted(b, key=lambda i: place.get(i, len(done))) for b in batches if b]
