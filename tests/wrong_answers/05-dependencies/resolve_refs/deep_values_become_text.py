"""Keeps the type of a reference on top, but not inside lists and dicts.

check: references in lists and dicts are found
mistake: type-lost-inside
"""

def look_up(reference, results):
    value = results
    for step in reference.split("."):
        if isinstance(value, dict) and step in value:
            value = value[step]
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            raise KeyError(reference)
    return value


def as_text(value):
    return value if isinstance(value, str) else json.dumps(value)



def resolve_refs(arguments, results):
    def text(value):
        if isinstance(value, dict):
            return {key: text(item) for key, item in value.items()}
        if isinstance(value, list):
            return [text(item) for item in value]
        if isinstance(value, str):
            return REF.sub(lambda found: as_text(look_up(found[1], results)), value)
        return value

    filled = {}
    for name, value in arguments.items():
        whole = REF.fullmatch(value) if isinstance(value, str) else None
        filled[name] = look_up(whole[1], results) if whole else text(value)
    return filled
