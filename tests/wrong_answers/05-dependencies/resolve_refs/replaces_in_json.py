"""Writes the arguments as JSON, replaces in that text, and reads it again.

check: a value that is one reference keeps its type
mistake: type-lost
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
    text = json.dumps(arguments)
    for found in REF.finditer(text):
        value = str(look_up(found[1], results)).replace("\\", "\\\\").replace('"', '\\"')
        text = text.replace(found[0], value)
    return json.loads(text, strict=False)
