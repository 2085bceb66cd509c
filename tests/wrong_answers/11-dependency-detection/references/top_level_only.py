"""Looks at the texts on top, and not into lists and dicts.

check: finds them all, at any depth
mistake: not-everywhere
"""

def references(arguments, ids):
    marks = "|".join(map(re.escape, MARKS))
    found = set()
    for value in arguments.values():
        if isinstance(value, str):
            for one in sorted(ids, key=len, reverse=True):
                for hit in re.finditer(rf"(?:{marks}){re.escape(one)}(?!\w)([.,]\d)?", value):
                    if not (one.isdecimal() and hit[1]):
                        found.add(one)
    return [one for one in ids if one in found]
