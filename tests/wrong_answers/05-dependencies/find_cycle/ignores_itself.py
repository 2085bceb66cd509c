"""Does not count a call that needs itself.

check: a call that needs itself is a cycle
mistake: self-loop
points: 6
"""

def find_cycle(needs):
    path, clear = [], set()

    def search(call):
        if call in clear:
            return None
        path.append(call)
        for before in needs[call]:
            if before == call:
                continue
            if before in path:
                return [*path[path.index(before):], before]
            if cycle := search(before):
                return cycle
        path.pop()
        clear.add(call)
        return None

    for call in needs:
        if cycle := search(call):
            return cycle
    return None
