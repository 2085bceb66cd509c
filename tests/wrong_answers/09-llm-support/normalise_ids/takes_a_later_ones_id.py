"""Gives a new id away that belongs to a later call, which is renamed then.

check: good ids stay
mistake: renames-good
points: 5
"""

def good(call_id):
    letters = set(string.ascii_letters + string.digits + "_-")
    return 1 <= len(call_id) <= 64 and set(call_id) <= letters


def normalise_ids(calls, taken):
    used, fixed = set(taken), []
    for call in calls:
        new = call.id
        if not good(new) or new in used:
            new = next(n for n in (f"call_{k}" for k in itertools.count()) if n not in used)
        used.add(new)
        fixed.append(replace(call, id=new))
    return fixed
