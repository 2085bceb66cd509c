"""Fills one placeholder at a time, and compares paths by recursion; returns a tuple."""

def _fill(path, arguments):
    found = re.search(r"\{(\w+)\}", path)
    if found is None:
        return {tuple(step for step in path.split("/") if step not in {"", "."})}
    value = arguments.get(found[1])
    items = value if isinstance(value, list) else ["*"] if value is None else [value]
    head, tail = path[: found.start()], path[found.end():]
    # What was filled in may hold braces, too: only the tail is still a template.
    return {
        (*_fill(head + str(item), {}), )[0] + rest if "{" not in head + str(item)
        else tuple(s for s in (head + str(item)).split("/") if s not in {"", "."}) + rest
        for item in items
        for rest in _fill(tail, arguments)
    }


def _fits(one, other):
    if not one or not other:
        return True
    a, b = one[0], other[0]
    return (a == b or "*" in f"{a}{b}") and _fits(one[1:], other[1:])


def conflicts(first, second, tools):
    try:
        effects = [
            {_r for path in paths for _r in _fill(path, call.arguments)}
            for call in (first, second)
            for paths in (tools[call.name].reads, tools[call.name].writes)
        ]
    except (KeyError, TypeError):
        return ("unknown",)
    r1, w1, r2, w2 = effects
    clash = lambda ones, others: any(_fits(a, b) for a in ones for b in others)
    names = ("read after write", "write after read", "write after write")
    return tuple(n for n, c in zip(names, (clash(w1, r2), clash(r1, w2), clash(w1, w2))) if c)
