"""Compares the arguments as they are spelt.

check: equal lookups share one run
mistake: key-order
points: 3
"""

def dedupe_calls(calls, read_only):
    first, runs_as = {}, {}
    for call in calls:
        key = (call.name, json.dumps(dict(call.arguments)))
        runs_as[call.id] = first.setdefault(key, call.id) if call.name in read_only else call.id
    return runs_as
