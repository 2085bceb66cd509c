"""Writes every path of the results into one table first, and then looks up."""

def resolve_refs(arguments, results):
    table = {}

    def note(path, value):
        table[path] = value
        pairs = value.items() if isinstance(value, dict) else ()
        if isinstance(value, list):
            pairs = enumerate(value)
        for key, item in pairs:
            note(f"{path}.{key}", item)

    for call_id, result in results.items():
        note(call_id, result)

    def fill(value):
        if isinstance(value, (dict, list)):
            keys = value if isinstance(value, dict) else range(len(value))
            filled = [(key, fill(value[key])) for key in keys]
            return dict(filled) if isinstance(value, dict) else [item for _, item in filled]
        if not isinstance(value, str):
            return value
        if found := REF.fullmatch(value):
            return table[found[1]]
        return REF.sub(lambda found: _text(table[found[1]]), value)

    return fill(arguments)


def _text(value):
    return value if isinstance(value, str) else json.dumps(value)
