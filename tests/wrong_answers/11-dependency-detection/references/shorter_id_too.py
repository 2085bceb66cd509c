"""Ends an id where a word ends, so that <visa-2> is visa, too.

check: takes the whole id
mistake: part-of-an-id
points: 5
"""

def references(arguments, ids):
    marks = "|".join(map(re.escape, sorted(MARKS, key=len, reverse=True)))

    def texts(value):
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict | list):
            for item in value.values() if isinstance(value, dict) else value:
                yield from texts(item)

    every = list(texts(arguments))
    found = []
    for one in ids:
        end = r"(?!\w|[.,]\d)" if one.isdecimal() else r"(?!\w)"
        if any(re.search(rf"(?:{marks}){re.escape(one)}{end}", text) for text in every):
            found.append(one)
    return found
