"""Counts answers, so calls that wait for one are missed.

check: counts every tool call
mistake: counts-results
points: 3
"""

def count_round_trips(transcript):
    turns = [m for m in transcript if m["role"] == "assistant"]
    busy = sum(1 for turn in turns if turn.get("calls"))
    calls = sum(len(m.get("results", [])) for m in transcript)
    return len(turns), calls, calls / busy if busy else 0.0
