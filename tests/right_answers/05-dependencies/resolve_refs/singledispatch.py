"""A function for each type, chosen by functools.singledispatch."""

import functools


def resolve_refs(arguments, results):
    def look_up(found):
        value = results
        for step in found[1].split("."):
            try:
                if isinstance(value, list):
                    value = value[int(step)]
                elif isinstance(value, dict):
                    value = value[step]
                else:
                    raise KeyError(step)
            except (LookupError, ValueError):
                raise LookupError(f"{found[0]} leads nowhere") from None
        return value

    @functools.singledispatch
    def fill(value):
        return value

    @fill.register
    def _(value: dict):
        return {key: fill(item) for key, item in value.items()}

    @fill.register
    def _(value: list):
        return [fill(item) for item in value]

    @fill.register
    def _(value: str):
        whole = REF.fullmatch(value)
        if whole:
            return look_up(whole)

        def text(found):
            part = look_up(found)
            return part if isinstance(part, str) else json.dumps(part)

        return REF.sub(text, value)

    return fill(arguments)
