"""Puts the price rule into the pattern: digits and words are two alternatives."""

def references(arguments, ids):
    if not ids:
        return []

    def texts(value):
        if isinstance(value, str):
            return [value]
        inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        return [text for item in inside for text in texts(item)]

    longest = sorted(ids, key=len, reverse=True)
    either = [re.escape(i) + (r"(?!\w|[.,]\d)" if i.isdecimal() else r"(?!\w)") for i in longest]
    pattern = re.compile(f"(?:{'|'.join(map(re.escape, MARKS))})({'|'.join(either)})")
    found = set(pattern.findall("\n".join(texts(arguments))))
    return [one for one in ids if one in found]
