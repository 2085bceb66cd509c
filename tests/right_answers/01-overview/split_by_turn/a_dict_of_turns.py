"""Keeps the batches in a dict and gives back tuples."""

def split_by_turn(events):
    turn, batches = 0, {}
    for event in events:
        if event["type"] == "turn_start":
            turn += 1
        if event["type"] == "call":
            batches[turn] = (*batches.get(turn, ()), event["id"])
    return tuple(batches.values())
