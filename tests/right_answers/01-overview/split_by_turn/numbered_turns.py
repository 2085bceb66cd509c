"""Numbers the turns first and groups the calls by number."""

def split_by_turn(events):
    from itertools import accumulate, groupby

    turns = accumulate(event["type"] == "turn_start" for event in events)
    calls = [(turn, e["id"]) for turn, e in zip(turns, events) if e["type"] == "call"]
    return [[call_id for _, call_id in group] for _, group in groupby(calls, lambda c: c[0])]
