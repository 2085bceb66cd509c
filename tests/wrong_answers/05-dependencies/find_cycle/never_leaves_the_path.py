"""Never takes a call off the path, but knows clear calls.

check: the path is a real cycle
mistake: no-such-dependency
"""

def find_cycle(needs):
    clear = set()

    def search(call, path):
        if call in clear:
            return None
        if call in path:
            return [*path[path.index(call):], call]
        path.append(call)
        for before in needs[call]:
            if cycle := search(before, path):
                return cycle
        clear.add(call)
        return None

    for call in needs:
        if cycle := search(call, []):
            return cycle
    return None
