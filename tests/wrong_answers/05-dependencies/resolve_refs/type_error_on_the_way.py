"""Indexes whatever it finds, and lets Python raise what it likes.

check: a reference that leads nowhere is named
mistake: other-error
points: 7
"""

def resolve_refs(arguments, results):
    def look_up(reference):
        value = results
        for step in reference.split("."):
            try:
                value = value[int(step)] if isinstance(value, list) else value[step]
            except LookupError:
                raise KeyError(reference) from None
        return value

    def fill(value):
        if isinstance(value, dict):
            return {key: fill(item) for key, item in value.items()}
        if isinstance(value, list):
            return [fill(item) for item in value]
        if not isinstance(value, str):
            return value
        whole = REF.fullmatch(value)
        if whole:
            return look_up(whole[1])
        def text(found):
            value = look_up(found[1])
            return value if isinstance(value, str) else json.dumps(value)
        return REF.sub(text, value)

    return fill(arguments)
