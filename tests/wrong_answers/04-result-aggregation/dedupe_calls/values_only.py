"""Compares the values of the arguments, in any order and under any name.

check: different calls stay apart
mistake: values-only
"""

def dedupe_calls(calls, read_only):
    def leaves(value):
        if isinstance(value, dict):
            value = list(value.values())
        if isinstance(value, list):
            return sorted(leaf for inner in value for leaf in leaves(inner))
        return [json.dumps(value)]

    first, runs_as = {}, {}
    for call in calls:
        key = (call.name, tuple(leaves(dict(call.arguments))))
        runs_as[call.id] = first.setdefault(key, call.id) if call.name in read_only else call.id
    return runs_as
