"""Counts what the user asks instead of what the model sends.

check: counts every model turn
mistake: counts-questions
points: 5
"""

def count_round_trips(transcript):
    turns = sum(message["role"] == "user" for message in transcript)
    counts = [len(message["calls"]) for message in transcript if message.get("calls")]
    return turns, sum(counts), sum(counts) / len(counts) if counts else 0.0
