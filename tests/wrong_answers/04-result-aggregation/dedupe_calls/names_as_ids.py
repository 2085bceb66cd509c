"""Takes the tool's name for the one that runs.

check: names a runner for every id
mistake: foreign-id
points: 0
"""

def dedupe_calls(calls, read_only):
    return {call.id: call.name if call.name in read_only else call.id for call in calls}
