"""Raises an exception when it finds a cycle.

check: returns a path or None
mistake: raises
points: 2
"""

def _cycle(needs):
    path, clear = [], set()

    def search(call):
        if call in path:
            return path.index(call)
        if call in clear:
            return None
        path.append(call)
        for before in needs[call]:
            start = search(before)
            if start is not None:
                return start
        path.pop()
        clear.add(call)
        return None

    for call in needs:
        start = search(call)
        if start is not None:
            return path, start
    return None, None



def find_cycle(needs):
    path, start = _cycle(needs)
    if path:
        raise ValueError(f"cycle: {path[start:]}")
    return None
