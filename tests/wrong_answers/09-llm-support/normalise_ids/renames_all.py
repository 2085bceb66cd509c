"""Gives every call a new id.

check: good ids stay
mistake: renames-good
points: 5
"""

def normalise_ids(calls, taken):
    numbers = (n for n in itertools.count() if f"fresh_{n}" not in taken)
    return [replace(call, id=f"fresh_{next(numbers)}") for call in calls]
