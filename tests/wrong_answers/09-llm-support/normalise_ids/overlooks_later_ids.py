"""Numbers the calls it has to rename by their place, and a later call came with that very id.

check: no id comes twice
mistake: made-up-twin
points: 4
"""

def good(call_id):
    letters = set(string.ascii_letters + string.digits + "_-")
    return 1 <= len(call_id) <= 64 and set(call_id) <= letters


def normalise_ids(calls, taken):
    used, fixed = set(taken), []
    for place, call in enumerate(calls, 1):
        new = call.id
        if good(new) and new not in used:
            used.add(new)
        else:
            new = f"call_{place}"
            while new in taken:
                new += "x"
        fixed.append(replace(call, id=new))
    return fixed
