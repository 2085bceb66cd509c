"""Freezes the arguments at every depth to use them as a key."""

def dedupe_calls(calls, read_only):
    def freeze(value):
        if isinstance(value, dict):
            return frozenset((key, freeze(inner)) for key, inner in value.items())
        if isinstance(value, list):
            return tuple(freeze(inner) for inner in value)
        return type(value), value

    first, runs_as = {}, {}
    for call in calls:
        key = (call.name, freeze(dict(call.arguments))) if call.name in read_only else call.id
        runs_as[call.id] = first.setdefault(key, call.id)
    return runs_as
