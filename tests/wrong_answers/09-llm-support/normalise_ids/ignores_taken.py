"""Makes ids unique within the turn, not within the conversation.

check: no id comes twice
mistake: taken-id
"""

def good(call_id):
    letters = set(string.ascii_letters + string.digits + "_-")
    return 1 <= len(call_id) <= 64 and set(call_id) <= letters


def normalise_ids(calls, taken):
    used, fixed = set(), []
    given = {call.id for call in calls}
    for call in calls:
        new = call.id
        if not good(new) or new in used:
            new = next(n for n in (f"new_{k}" for k in itertools.count()) if n not in used | given)
        used.add(new)
        fixed.append(replace(call, id=new))
    return fixed
