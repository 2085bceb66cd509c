"""Divides with //, which loses the fraction.

check: averages over the turns that call
mistake: rounds
points: 4
"""

def count_round_trips(transcript):
    turns = [message for message in transcript if message["role"] == "assistant"]
    counts = [len(turn.get("calls", [])) for turn in turns]
    busy = [count for count in counts if count]
    average = sum(counts) // len(busy) if busy else 0.0
    return len(turns), sum(counts), average
