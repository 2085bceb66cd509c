"""Prints the numbers and returns nothing.

check: returns three numbers
mistake: returns-nothing
points: 0
"""

def count_round_trips(transcript):
    turns = [message for message in transcript if message["role"] == "assistant"]
    counts = [len(turn.get("calls", [])) for turn in turns]
    busy = [count for count in counts if count]
    average = sum(counts) / len(busy) if busy else 0.0
    print(len(turns), sum(counts), average)
