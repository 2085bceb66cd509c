"""Makes a regular expression of each path, and fits the other's beginnings to it."""

from itertools import product


def _steps(call, path):
    slots = []
    for step in path.split("/"):
        if step.startswith("{") and step.endswith("}"):
            value = call.arguments.get(step[1:-1])
            slots.append(value if isinstance(value, list) else [value])
        else:
            slots.append([step])
    for chosen in product(*slots):
        text = "/".join("*" if value is None else str(value) for value in chosen)
        yield [step for step in text.split("/") if step and step != "."]


def _overlap(one, other):
    shorter = min(len(one), len(other))
    pairs = zip(one[:shorter], other[:shorter])
    return not [1 for a, b in pairs if a != b and not re.search(r"\*", a + b)]


def conflicts(first, second, tools):
    known = []
    for call in (first, second):
        spec = tools.get(call.name)
        if spec is None or None in (spec.reads, spec.writes):
            return ["unknown"]
        known.append([[s for p in paths for s in _steps(call, p)] for paths in (spec.reads, spec.writes)])
    (r1, w1), (r2, w2) = known
    table = [("read after write", w1, r2), ("write after read", r1, w2), ("write after write", w1, w2)]
    return [why for why, a, b in table if any(_overlap(x, y) for x in a for y in b)]
