"""Walks through each text by hand, mark by mark, longest id first."""

def references(arguments, ids):
    longest = sorted(ids, key=len, reverse=True)

    def at(text, place):
        for one in longest:
            if text.startswith(one, place):
                rest = text[place + len(one):]
                if rest and (rest[0].isalnum() or rest[0] == "_"):
                    continue
                price = one.isdecimal() and rest[:1] in (".", ",") and rest[1:2].isdigit()
                return None if price else one
        return None

    todo, found = [arguments], set()
    while todo:
        value = todo.pop()
        if isinstance(value, dict):
            todo += value.values()
        elif isinstance(value, list):
            todo += value
        elif isinstance(value, str):
            for place in range(len(value)):
                for mark in MARKS:
                    if value.startswith(mark, place):
                        found.add(at(value, place + len(mark)))
    return [one for one in ids if one in found]
