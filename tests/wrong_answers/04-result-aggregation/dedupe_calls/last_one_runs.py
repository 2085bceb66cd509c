"""Lets the last of equal calls run for all.

check: the first of equal calls runs
mistake: last-runs
points: 5
"""

def dedupe_calls(calls, read_only):
    last = {}
    for call in calls:
        last[call.name, json.dumps(dict(call.arguments), sort_keys=True)] = call.id
    return {
        call.id: last[call.name, json.dumps(dict(call.arguments), sort_keys=True)]
        if call.name in read_only
        else call.id
        for call in calls
    }
