"""Glues name and arguments into a text in which 20 and the text 20 look alike.

check: different calls stay apart
mistake: types-lost
points: 5
"""

def dedupe_calls(calls, read_only):
    first, runs_as = {}, {}
    for call in calls:
        said = json.dumps(dict(call.arguments), sort_keys=True).replace('"', "")
        key = f"{call.name} {said}"
        runs_as[call.id] = first.setdefault(key, call.id) if call.name in read_only else call.id
    return runs_as
