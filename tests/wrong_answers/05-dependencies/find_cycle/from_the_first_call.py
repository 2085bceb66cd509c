"""Searches from the first call only.

check: finds a cycle wherever it is
mistake: first-part-only
"""

def find_cycle(needs):
    path, clear = [], set()

    def search(call):
        if call in path:
            return [*path[path.index(call):], call]
        if call in clear:
            return None
        path.append(call)
        for before in needs[call]:
            if cycle := search(before):
                return cycle
        path.pop()
        clear.add(call)
        return None

    return search(next(iter(needs))) if needs else None
