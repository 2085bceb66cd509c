"""Compares writes with writes, and nothing else.

check: names every reason
mistake: reason-missed
points: 8
"""

def conflicts(first, second, tools):
    def touched(call, patterns):
        found = []
        for pattern in patterns:
            paths = [[]]
            for step in pattern.split("/"):
                values = [step]
                if step.startswith("{"):
                    value = call.arguments.get(step[1:-1])
                    values = value if isinstance(value, list) else ["*" if value is None else value]
                paths = [[*path, *str(value).split("/")] for path in paths for value in values]
            found += [[step for step in path if step not in ("", ".")] for path in paths]
        return found

    def meet(ones, others):
        return any(
            all(a == b or "*" in a or "*" in b for a, b in zip(one, other, strict=False))
            for one in ones
            for other in others
        )

    sets = []
    for call in (first, second):
        tool = tools.get(call.name)
        if tool is None or tool.reads is None or tool.writes is None:
            return ["unknown"]
        sets += [touched(call, tool.reads), touched(call, tool.writes)]
    reads, writes, reads_after, writes_after = sets
    reasons = {
        "write after write": meet(writes, writes_after),
    }
    return [reason for reason, holds in reasons.items() if holds]
