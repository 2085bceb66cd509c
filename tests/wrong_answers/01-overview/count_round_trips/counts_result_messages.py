"""Takes each message of role tool for one call.

check: counts every tool call
mistake: counts-result-messages
points: 3
"""

def count_round_trips(transcript):
    turns = [m for m in transcript if m["role"] == "assistant"]
    busy = sum(1 for turn in turns if turn.get("calls"))
    calls = sum(1 for m in transcript if m["role"] == "tool")
    return len(turns), calls, calls / busy if busy else 0.0
