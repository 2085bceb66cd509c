"""Divides by the length of the transcript.

check: averages over the turns that call
mistake: averages-messages
points: 4
"""

def count_round_trips(transcript):
    turns = [message for message in transcript if message["role"] == "assistant"]
    counts = [len(turn.get("calls", [])) for turn in turns]
    busy = [count for count in counts if count]
    average = sum(counts) / len(transcript) if transcript else 0.0
    return len(turns), sum(counts), average
