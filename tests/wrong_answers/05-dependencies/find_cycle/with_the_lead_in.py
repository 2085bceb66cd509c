"""Returns the whole walk, from where it started to the call that is met again.

check: the path is a real cycle
mistake: lead-in
points: 5
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
    return path and [*path, path[start]]
