"""Returns the texts without their ids.

check: keeps every id, in order
mistake: not-a-result
points: 0
"""

def fit_budget(results, max_chars, mark):
    room = max_chars - sum(len(r.content) for r in results if r.is_error)
    level = room
    good = [len(r.content) for r in results if not r.is_error]
    while sum(min(length, level) for length in good) > room:
        level -= 1

    return [r.content[:level] for r in results]
