"""Decides first who keeps an id, then gives new ones to the rest."""

def normalise_ids(calls, taken):
    import re

    keeps = {}
    for place, call in enumerate(calls):
        if re.fullmatch("[a-zA-Z0-9_-]{1,64}", call.id) and call.id not in taken:
            keeps.setdefault(call.id, place)
    kept = set(keeps.values())
    busy = set(taken) | set(keeps)
    free = iter([f"fixed{n}" for n in range(2 * len(calls) + len(busy)) if f"fixed{n}" not in busy])
    return tuple(
        call if place in kept else replace(call, id=next(free)) for place, call in enumerate(calls)
    )
