"""For each call a breadth-first search for the shortest way back to it."""

from collections import deque


def find_cycle(needs):
    for start in needs:
        paths, seen = deque([[start]]), set()
        while paths:
            path = paths.popleft()
            for before in needs[path[-1]]:
                if before == start:
                    return [*path, start]
                if before not in seen:
                    seen.add(before)
                    paths.append([*path, before])
    return None
