"""Draws new ids by lot.

check: gives the same ids every time
mistake: other-ids-each-time
points: 5
"""

def good(call_id):
    letters = set(string.ascii_letters + string.digits + "_-")
    return 1 <= len(call_id) <= 64 and set(call_id) <= letters


def normalise_ids(calls, taken):
    import uuid

    used, fixed = set(taken), []
    for call in calls:
        new = call.id if good(call.id) and call.id not in used else uuid.uuid4().hex
        used.add(new)
        fixed.append(replace(call, id=new))
    return fixed
