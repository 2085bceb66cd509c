"""Starts with the first call, which an empty plan does not have.

check: returns a path or None
mistake: raises
points: 5
"""

def find_cycle(needs):
    left = {call: set(befores) for call, befores in needs.items()}
    first = list(left)[0]
    while ready := [call for call in left if not left[call] & left.keys()]:
        for call in ready:
            del left[call]
    if not left:
        return None
    path = [first if first in left else next(iter(left))]
    while path[-1] not in path[:-1]:
        path.append(next(before for before in needs[path[-1]] if before in left))
    return path[path.index(path[-1]):]
