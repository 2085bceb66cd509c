"""Begins a batch whenever the tool changes.

check: one batch for each turn that calls
mistake: by-name
points: 2
"""

def split_by_turn(events):
    from itertools import groupby

    calls = [event for event in events if event["type"] == "call"]
    return [[e["id"] for e in group] for _, group in groupby(calls, lambda e: e["name"])]
