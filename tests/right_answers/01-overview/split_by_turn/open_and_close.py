"""Opens a batch at turn_start and closes it at turn_end."""

def split_by_turn(events):
    batches, batch = [], []
    for event in events:
        match event:
            case {"type": "turn_start"}:
                batch = []
            case {"type": "call", "id": call_id}:
                batch.append(call_id)
            case {"type": "turn_end"} if batch:
                batches.append(batch)
    return batches
