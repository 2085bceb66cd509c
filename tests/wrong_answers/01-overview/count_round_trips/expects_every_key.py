"""Expects the key calls in a turn that has none.

check: returns three numbers
mistake: missing-key
points: 0
"""

def count_round_trips(transcript):
    turns = [message for message in transcript if message["role"] == "assistant"]
    counts = [len(turn["calls"]) for turn in turns]
    busy = [count for count in counts if count]
    average = sum(counts) / len(busy) if busy else 0.0
    return len(turns), sum(counts), average
