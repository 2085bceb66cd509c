"""Folds over the transcript and gives back a list."""

def count_round_trips(transcript):
    from functools import reduce

    def step(counted, message):
        turns, calls, busy = counted
        if message["role"] != "assistant":
            return counted
        asked = len(message.get("calls", []))
        return turns + 1, calls + asked, busy + (asked > 0)

    turns, calls, busy = reduce(step, transcript, (0, 0, 0))
    try:
        return [turns, calls, calls / busy]
    except ZeroDivisionError:
        return [turns, calls, 0]
