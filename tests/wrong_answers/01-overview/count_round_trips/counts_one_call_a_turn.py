"""Takes a turn that calls for one call.

check: counts every tool call
mistake: one-call-a-turn
points: 3
"""

def count_round_trips(transcript):
    turns = calls = 0
    for message in transcript:
        if message["role"] == "assistant":
            turns += 1
            if message.get("calls"):
                calls += 1
    return turns, calls, calls / calls if calls else 0.0
