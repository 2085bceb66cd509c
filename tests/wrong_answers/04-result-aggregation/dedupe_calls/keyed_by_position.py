"""Uses places in the list where ids are asked for.

check: names a runner for every id
mistake: not-a-dict-of-ids
points: 0
"""

def dedupe_calls(calls, read_only):
    return {place: place for place, call in enumerate(calls)}
