"""Does not ask where the id ends, so that $call_12 is call_1, too.

check: takes the whole id
mistake: part-of-an-id
points: 5
"""

def references(arguments, ids):
    def texts(value):
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict | list):
            for item in value.values() if isinstance(value, dict) else value:
                yield from texts(item)

    def refers(text, one):
        for mark in MARKS:
            place = text.find(mark + one)
            rest = text[place + len(mark + one):]
            if place >= 0 and not (one.isdecimal() and re.match(r"[.,]\d", rest)):
                return True
        return False

    every = list(texts(arguments))
    return [one for one in ids if any(refers(text, one) for text in every)]
