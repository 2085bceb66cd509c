"""Replaces ids that are empty, and no other unusable ones.

check: every id is usable
mistake: unusable-id
points: 5
"""

def normalise_ids(calls, taken):
    used, fixed = set(taken), []
    for call in calls:
        new = call.id
        if not new or new in used:
            new = next(n for n in (f"new_{k}" for k in itertools.count()) if n not in used)
        used.add(new)
        fixed.append(replace(call, id=new))
    return fixed
