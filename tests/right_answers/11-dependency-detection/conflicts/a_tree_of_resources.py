"""Puts the first call's resources into a tree, and walks the second's down it."""

def conflicts(first, second, tools):
    specs = [tools.get(call.name) for call in (first, second)]
    if any(spec is None or spec.reads is None or spec.writes is None for spec in specs):
        return ["unknown"]

    def spread(call, path):
        texts = [""]
        for part in path.split("/"):
            if part[:1] == "{":
                value = call.arguments.get(part[1:-1])
                items = value if type(value) is list else [value]
                texts = [f"{t}/{'*' if i is None else i}" for t in texts for i in items]
            else:
                texts = [f"{t}/{part}" for t in texts]
        return texts

    END = object()

    def grow(call, paths):
        tree = {}
        for path in paths:
            for text in spread(call, path):
                node = tree
                for step in text.split("/"):
                    if step not in ("", "."):
                        node = node.setdefault(step, {})
                node[END] = True
        return tree

    def met(tree, steps):
        if END in tree:
            return True
        if not steps:
            return bool(tree)
        head, *rest = steps
        return any(
            met(below, rest)
            for step, below in tree.items()
            if step is not END and (step == head or "*" in step or "*" in head)
        )

    def hits(one, paths_one, other, paths_other):
        tree = grow(one, paths_one)
        return any(
            met(tree, [s for s in text.split("/") if s not in ("", ".")])
            for path in paths_other
            for text in spread(other, path)
        )

    a, b = specs
    reasons = []
    if hits(first, a.writes, second, b.reads):
        reasons.append("read after write")
    if hits(first, a.reads, second, b.writes):
        reasons.append("write after read")
    if hits(first, a.writes, second, b.writes):
        reasons.append("write after write")
    return reasons
