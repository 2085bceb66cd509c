"""Makes a pattern for each id, and takes out what longer ids have claimed."""

def references(arguments, ids):
    marks = "(?:" + "|".join(re.escape(mark) for mark in MARKS) + ")"
    texts = []

    def gather(value):
        match value:
            case str():
                texts.append(value)
            case dict():
                for item in value.values():
                    gather(item)
            case list():
                for item in value:
                    gather(item)

    gather(arguments)
    found = set()
    for one in sorted(ids, key=lambda name: -len(name)):
        pattern = re.compile(marks + re.escape(one) + r"(?!\w)")
        for place, text in enumerate(texts):
            for hit in pattern.finditer(text):
                after = text[hit.end():hit.end() + 2]
                if not (one.isdigit() and re.fullmatch(r"[.,]\d", after)):
                    found.add(one)
            texts[place] = pattern.sub(lambda hit: " " * len(hit[0]), text)
    return list(filter(found.__contains__, ids))
