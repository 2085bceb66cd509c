"""Keeps the errors whole and forgets that they take room.

check: stays within the budget
mistake: errors-not-counted
points: 3
"""

def fit_budget(results, max_chars, mark):
    level = max_chars
    good = [len(r.content) for r in results if not r.is_error]
    while sum(min(length, level) for length in good) > max_chars:
        level -= 1
    return [
        r
        if r.is_error or len(r.content) <= level
        else replace(r, content=r.content[: level - len(mark)] + mark)
        for r in results
    ]
