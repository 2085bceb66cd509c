"""Makes a set of the arguments, which a list among them does not allow.

check: names a runner for every id
mistake: raises
points: 0
"""

def dedupe_calls(calls, read_only):
    first, runs_as = {}, {}
    for call in calls:
        key = (call.name, frozenset(call.arguments.items()))
        runs_as[call.id] = first.setdefault(key, call.id) if call.name in read_only else call.id
    return runs_as
