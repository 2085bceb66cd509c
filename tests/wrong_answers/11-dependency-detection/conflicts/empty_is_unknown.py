"""Takes an empty tuple for a declaration that is missing.

check: names every reason
mistake: empty-is-unknown
"""

def conflicts(first, second, tools):
    specs = [tools.get(first.name), tools.get(second.name)]
    if not all(spec and spec.reads and spec.writes for spec in specs):
        return ["unknown"]

    def touched(call, paths):
        found = []
        for path in paths:
            several = [""]
            for step in path.split("/"):
                given = call.arguments.get(step[1:-1]) if step[:1] == "{" else step
                given = "*" if given is None else given
                items = given if isinstance(given, list) else [given]
                several = [f"{one}/{item}" for one in several for item in items]
            found += [[s for s in one.split("/") if s not in ("", ".")] for one in several]
        return found

    def meet(ones, others):
        return any(
            all(a == b or "*" in a or "*" in b for a, b in zip(one, other))
            for one in ones
            for other in others
        )

    (r1, w1), (r2, w2) = (
        (touched(call, spec.reads), touched(call, spec.writes))
        for call, spec in zip((first, second), specs)
    )
    found = {
        "read after write": meet(w1, r2),
        "write after read": meet(r1, w2),
        "write after write": meet(w1, w2),
    }
    return [reason for reason, holds in found.items() if holds]
