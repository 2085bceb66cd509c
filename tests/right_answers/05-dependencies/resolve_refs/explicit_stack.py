"""No recursion: a stack of places still to be filled, in a copy."""

import copy


def resolve_refs(arguments, results):
    def look_up(reference):
        value = results
        for step in reference.split("."):
            known = isinstance(value, dict) and step in value
            if isinstance(value, list) and step.isdecimal():
                step = int(step)
                known = step < len(value)
            if not known:
                raise KeyError(reference)
            value = value[step]
        return copy.deepcopy(value)

    filled = copy.deepcopy(arguments)
    stack = [filled]
    while stack:
        node = stack.pop()
        for key, value in list(node.items() if isinstance(node, dict) else enumerate(node)):
            if isinstance(value, (dict, list)):
                stack.append(value)
            elif isinstance(value, str) and REF.search(value):
                pieces, last = [], 0
                for found in REF.finditer(value):
                    part = look_up(found[1])
                    if found[0] == value:
                        node[key] = part
                        break
                    pieces += [value[last : found.start()], part if isinstance(part, str) else json.dumps(part)]
                    last = found.end()
                else:
                    node[key] = "".join([*pieces, value[last:]])
    return filled
