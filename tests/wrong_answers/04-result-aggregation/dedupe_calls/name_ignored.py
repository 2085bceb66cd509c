"""Compares the arguments and forgets whom they are for.

check: different calls stay apart
mistake: name-ignored
points: 5
"""

def dedupe_calls(calls, read_only):
    first, runs_as = {}, {}
    for call in calls:
        key = json.dumps(dict(call.arguments), sort_keys=True)
        runs_as[call.id] = first.setdefault(key, call.id) if call.name in read_only else call.id
    return runs_as
