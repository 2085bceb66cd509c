"""Takes all calls of one tool for the same call.

check: different calls stay apart
mistake: arguments-ignored
"""

def dedupe_calls(calls, read_only):
    first, runs_as = {}, {}
    for call in calls:
        runs_as[call.id] = first.setdefault(call.name, call.id) if call.name in read_only else call.id
    return runs_as
