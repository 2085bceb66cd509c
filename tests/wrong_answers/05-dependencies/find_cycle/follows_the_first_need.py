"""Follows only the first call that each call needs.

check: finds a cycle wherever it is
mistake: cycle-missed
"""

def find_cycle(needs):
    for start in needs:
        path = [start]
        while needs[path[-1]] and needs[path[-1]][0] not in path:
            path.append(needs[path[-1]][0])
        if needs[path[-1]]:
            back = needs[path[-1]][0]
            return [*path[path.index(back):], back]
    return None
