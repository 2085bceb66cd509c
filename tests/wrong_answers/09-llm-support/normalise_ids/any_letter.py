"""Asks str.isalnum, which knows more letters than a to z.

check: every id is usable
mistake: unusable-id
points: 5
"""

def normalise_ids(calls, taken):
    used, fixed = set(taken), []
    for call in calls:
        new = call.id
        plain = new.replace("_", "").replace("-", "").isalnum()
        if not plain or len(new) > 64 or new in used:
            new = next(n for n in (f"new_{k}" for k in itertools.count()) if n not in used)
        used.add(new)
        fixed.append(replace(call, id=new))
    return fixed
