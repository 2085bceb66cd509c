"""Points each copy at the copy before it.

check: names a runner for every id
mistake: chained
points: 0
"""

def dedupe_calls(calls, read_only):
    latest, runs_as = {}, {}
    for call in calls:
        key = (call.name, json.dumps(dict(call.arguments), sort_keys=True))
        runs_as[call.id] = latest.get(key, call.id) if call.name in read_only else call.id
        latest[key] = call.id
    return runs_as
