"""Counts everything in one loop."""

def count_round_trips(transcript):
    turns, calls, busy = 0, 0, 0
    for message in transcript:
        if message["role"] != "assistant":
            continue
        turns += 1
        asked = message.get("calls") or []
        calls += len(asked)
        busy += bool(asked)
    return turns, calls, calls / max(busy, 1)
