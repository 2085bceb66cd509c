"""Pattern matching on the tree, and on each step of a path."""

def resolve_refs(arguments, results):
    def step_into(value, step, path):
        match value:
            case dict() if step in value:
                return value[step]
            case list() if step.isdigit() and int(step) < len(value):
                return value[int(step)]
        raise KeyError(f"no such result: {path}")

    def look_up(path):
        value = results
        for step in path.split("."):
            value = step_into(value, step, path)
        return value

    def fill(value):
        match value:
            case dict():
                return {key: fill(item) for key, item in value.items()}
            case list():
                return list(map(fill, value))
            case str():
                parts = REF.split(value)
                if len(parts) == 3 and not parts[0] and not parts[2]:
                    return look_up(parts[1])
                values = [look_up(p) if i % 2 else p for i, p in enumerate(parts)]
                return "".join(v if isinstance(v, str) else json.dumps(v) for v in values)
        return value

    return fill(arguments)
