"""Returns the ids as they are found, with each repetition.

check: each id once, in the order of ids
mistake: other-order
points: 5
"""

def references(arguments: dict, ids: list[str]) -> list[str]:
    marks = "|".join(map(re.escape, MARKS))
    names = "|".join(map(re.escape, sorted(ids, key=len, reverse=True)))
    reference = re.compile(rf"(?:{marks})({names})(?!\w)([.,]\d)?")
    found = []

    def search(value: object) -> None:
        if isinstance(value, dict):
            for item in value.values():
                search(item)
        elif isinstance(value, list):
            for item in value:
                search(item)
        elif isinstance(value, str):
            for call_id, decimals in reference.findall(value):
                if not (call_id.isdecimal() and decimals):
                    found.append(call_id)

    search(arguments)
    return found
