"""Takes every message for a turn of the model.

check: counts every model turn
mistake: counts-messages
points: 5
"""

def count_round_trips(transcript):
    turns = [message for message in transcript if message["role"] == "assistant"]
    counts = [len(turn.get("calls", [])) for turn in turns]
    busy = [count for count in counts if count]
    average = sum(counts) / len(busy) if busy else 0.0
    return len(transcript), sum(counts), average
