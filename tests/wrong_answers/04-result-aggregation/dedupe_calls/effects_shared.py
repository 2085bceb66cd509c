"""Shares every equal call, also of tools that change things.

check: calls with effects all run
mistake: effect-shared
points: 5
"""

def dedupe_calls(calls, read_only):
    first = {}
    return {
        call.id: first.setdefault(
            (call.name, json.dumps(dict(call.arguments), sort_keys=True)), call.id
        )
        for call in calls
    }
