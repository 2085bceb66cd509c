"""Divides without asking whether any turn calls.

check: a chat without tools averages 0.0
mistake: divides-by-zero
points: 5
"""

def count_round_trips(transcript):
    turns = [message for message in transcript if message["role"] == "assistant"]
    counts = [len(turn.get("calls", [])) for turn in turns]
    busy = [count for count in counts if count]
    average = sum(counts) / len(busy)
    return len(turns), sum(counts), average
