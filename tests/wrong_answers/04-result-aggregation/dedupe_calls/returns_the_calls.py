"""Returns the calls to run, and nothing about who is answered by whom.

check: names a runner for every id
mistake: not-a-dict-of-ids
points: 0
"""

def dedupe_calls(calls, read_only):
    first = {}
    for call in calls:
        first.setdefault((call.name, json.dumps(dict(call.arguments), sort_keys=True)), call)
    return list(first.values())
