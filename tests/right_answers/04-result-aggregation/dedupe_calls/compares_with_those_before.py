"""Compares each call with every call before it; JSON equality is that of dicts."""

def dedupe_calls(calls, read_only):
    runs_as = {}
    for place, call in enumerate(calls):
        equal = (
            other.id
            for other in calls[:place]
            if call.name in read_only and (other.name, other.arguments) == (call.name, call.arguments)
        )
        runs_as[call.id] = next(equal, call.id)
    return runs_as
