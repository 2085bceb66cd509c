"""Counts the names of tools, so two calls of one tool are one.

check: counts every tool call
mistake: counts-names
points: 3
"""

def count_round_trips(transcript):
    turns, names, busy = 0, set(), 0
    for message in transcript:
        if message["role"] == "assistant":
            turns += 1
            busy += bool(message.get("calls"))
            names |= {call["name"] for call in message.get("calls", [])}
    return turns, len(names), len(names) / busy if busy else 0.0
