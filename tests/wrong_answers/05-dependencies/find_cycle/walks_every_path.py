"""Walks every path through the graph and forgets what it has seen.

check: does not walk every path
mistake: every-path
points: 6
"""

def find_cycle(needs):
    def search(call, path):
        if call in path:
            return [*path[path.index(call):], call]
        for before in needs[call]:
            if cycle := search(before, [*path, call]):
                return cycle
        return None

    for call in needs:
        if cycle := search(call, []):
            return cycle
    return None
