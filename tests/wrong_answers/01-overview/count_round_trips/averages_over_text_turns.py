"""Lets turns without calls pull the average down.

check: averages over the turns that call
mistake: averages-text-turns
points: 4
"""

def count_round_trips(transcript):
    turns = [message for message in transcript if message["role"] == "assistant"]
    counts = [len(turn.get("calls", [])) for turn in turns]
    busy = [count for count in counts if count]
    average = sum(counts) / len(turns) if turns else 0.0
    return len(turns), sum(counts), average
