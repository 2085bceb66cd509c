"""Leaves the copies out, and their ids with them.

check: names a runner for every id
mistake: id-lost
points: 0
"""

def dedupe_calls(calls, read_only):
    seen, runs_as = set(), {}
    for call in calls:
        key = (call.name, json.dumps(dict(call.arguments), sort_keys=True))
        if call.name in read_only and key in seen:
            continue
        seen.add(key)
        runs_as[call.id] = call.id
    return runs_as
