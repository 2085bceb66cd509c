"""Puts the calls into groups first, and lets the first of each group run."""

def dedupe_calls(calls, read_only):
    from collections import defaultdict

    def kind(call):
        if call.name not in read_only:
            return ("alone", call.id)
        return (call.name, json.dumps(dict(call.arguments), sort_keys=True, separators=(",", ":")))

    groups = defaultdict(list)
    for call in calls:
        groups[kind(call)].append(call.id)
    return {call_id: group[0] for group in groups.values() for call_id in group}
