"""Uses the tool's name where the id is no good.

check: no id comes twice
mistake: twins
"""

def good(call_id):
    letters = set(string.ascii_letters + string.digits + "_-")
    return 1 <= len(call_id) <= 64 and set(call_id) <= letters


def normalise_ids(calls, taken):
    used, fixed = set(taken), []
    for call in calls:
        new = call.id if good(call.id) and call.id not in used else call.name
        used.add(new)
        fixed.append(replace(call, id=new))
    return fixed
