"""Hands the results back from the shortest to the longest.

check: keeps every id, in order
mistake: other-order
points: 0
"""

def fit_budget(results, max_chars, mark):
    room = max_chars - sum(len(r.content) for r in results if r.is_error)
    level = room
    good = [len(r.content) for r in results if not r.is_error]
    while sum(min(length, level) for length in good) > room:
        level -= 1

    return [
        r
        if r.is_error or len(r.content) <= level
        else replace(r, content=r.content[: level - len(mark)] + mark)
        for r in sorted(results, key=lambda r: len(r.content))
    ]
