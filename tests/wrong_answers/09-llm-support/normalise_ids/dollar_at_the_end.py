"""Checks ids with a pattern that ends in a dollar sign, which lets a line break pass.

check: every id is usable
mistake: unusable-id
points: 5
"""

import re


def normalise_ids(calls, taken):
    usable = re.compile(r"^[a-zA-Z0-9_-]{1,64}$")
    used, own = set(taken), {call.id for call in calls}
    fixed, number = [], 0
    for call in calls:
        call_id = call.id
        if not usable.match(call_id) or call_id in used:
            number += 1
            while f"call_{number}" in used | own:
                number += 1
            call_id = f"call_{number}"
        used.add(call_id)
        fixed.append(replace(call, id=call_id))
    return fixed
