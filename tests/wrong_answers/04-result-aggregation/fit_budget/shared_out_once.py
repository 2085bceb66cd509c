"""Shares out what the short ones leave, once and no more.

check: uses the room there is
mistake: wasteful
points: 6
"""

def fit_budget(results, max_chars, mark):
    if sum(len(r.content) for r in results) <= max_chars:
        return results
    room = max_chars - sum(len(r.content) for r in results if r.is_error)
    good = [len(r.content) for r in results if not r.is_error]
    share = room // len(good)
    short = [length for length in good if length <= share]
    level = (room - sum(short)) // (len(good) - len(short))
    return [
        r
        if r.is_error or len(r.content) <= level
        else replace(r, content=r.content[: level - len(mark)] + mark)
        for r in results
    ]
