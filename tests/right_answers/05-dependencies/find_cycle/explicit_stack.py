"""No recursion: a stack of iterators."""

def find_cycle(needs):
    clear = set()
    for start in needs:
        path, todo = [start], [iter(needs[start])]
        while todo and start not in clear:
            before = next(todo[-1], None)
            if before is None:
                clear.add(path.pop())
                todo.pop()
            elif before in path:
                return path[path.index(before):] + [before]
            elif before not in clear:
                path.append(before)
                todo.append(iter(needs[before]))
    return None
