"""Cuts the log in pieces at every turn_start."""

def split_by_turn(events):
    starts = [i for i, event in enumerate(events) if event["type"] == "turn_start"]
    pieces = [events[a:b] for a, b in zip(starts, [*starts[1:], len(events)])]
    batches = [[e["id"] for e in piece if e["type"] == "call"] for piece in pieces]
    return list(filter(None, batches))
