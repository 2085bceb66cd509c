"""Returns all calls that can never run, in the order given.

check: the path is a real cycle
mistake: unordered
"""

def find_cycle(needs):
    left = dict(needs)
    while ready := [call for call in left if not set(left[call]) & left.keys()]:
        for call in ready:
            del left[call]
    return list(left) or None
