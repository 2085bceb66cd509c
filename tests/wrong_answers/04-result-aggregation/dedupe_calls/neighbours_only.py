"""Compares each call with the one before it.

check: equal lookups share one run
mistake: neighbours-only
"""

def dedupe_calls(calls, read_only):
    runs_as, before = {}, None
    for call in calls:
        said = json.dumps(dict(call.arguments), sort_keys=True)
        same = before and (before.name, json.dumps(dict(before.arguments), sort_keys=True)) == (
            call.name,
            said,
        )
        runs_as[call.id] = runs_as[before.id] if same and call.name in read_only else call.id
        before = call
    return runs_as
