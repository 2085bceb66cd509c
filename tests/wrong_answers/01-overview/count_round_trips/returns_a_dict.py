"""Returns the numbers under names of its own.

check: returns three numbers
mistake: not-three-numbers
points: 0
"""

def count_round_trips(transcript):
    turns = [message for message in transcript if message["role"] == "assistant"]
    counts = [len(turn.get("calls", [])) for turn in turns]
    busy = [count for count in counts if count]
    average = sum(counts) / len(busy) if busy else 0.0
    return {"turns": len(turns), "calls": sum(counts), "average": average}
