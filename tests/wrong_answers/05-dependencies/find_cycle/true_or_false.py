"""Says whether there is a cycle, and not which.

check: returns a path or None
mistake: not-a-path
points: 1
"""

def find_cycle(needs):
    left = dict(needs)
    while ready := [call for call in left if not set(left[call]) & left.keys()]:
        for call in ready:
            del left[call]
    return bool(left)
