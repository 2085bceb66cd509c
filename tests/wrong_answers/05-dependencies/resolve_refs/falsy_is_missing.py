"""Takes 0, null, false and empty values for missing ones.

check: a value that is one reference keeps its type
mistake: falsy-missing
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
    if not value:
        raise KeyError(reference)
    return value


def as_text(value):
    return value if isinstance(value, str) else json.dumps(value)



def resolve_refs(arguments, results):
    def fill(value):
        if isinstance(value, dict):
            return {key: fill(item) for key, item in value.items()}
        if isinstance(value, list):
            return [fill(item) for item in value]
        if not isinstance(value, str):
            return value
        whole = REF.fullmatch(value)
        if whole:
            return look_up(whole[1], results)
        return REF.sub(lambda found: as_text(look_up(found[1], results)), value)

    return fill(arguments)
