"""Takes a call that was visited before for part of a cycle.

check: finds nothing where there is no cycle
mistake: diamond-taken-for-cycle
"""

def find_cycle(needs):
    visited = []

    def search(call):
        if call in visited:
            return [*visited[visited.index(call):], call]
        visited.append(call)
        for before in needs[call]:
            if cycle := search(before):
                return cycle
        return None

    for call in needs:
        visited.clear()
        if cycle := search(call):
            return cycle
    return None
