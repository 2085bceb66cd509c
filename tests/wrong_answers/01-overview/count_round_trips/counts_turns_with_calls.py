"""Forgets that a turn which only writes text is a turn too.

check: counts every model turn
mistake: counts-tool-turns
points: 5
"""

def count_round_trips(transcript):
    turns = [message for message in transcript if message["role"] == "assistant"]
    counts = [len(turn.get("calls", [])) for turn in turns]
    busy = [count for count in counts if count]
    average = sum(counts) / len(busy) if busy else 0.0
    return len(busy), sum(counts), average
