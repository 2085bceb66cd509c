"""Takes the room of the errors first: they are no answers.

check: keeps errors whole
mistake: error-cut
"""

def fit_budget(results, max_chars, mark):
    level = max_chars
    good = [len(r.content) for r in results if not r.is_error]
    while sum(min(length, level) for length in good) > max_chars:
        level -= 1
    if sum(len(r.content) for r in results) <= max_chars:
        return results
    return [
        replace(r, content="")
        if r.is_error
        else r
        if len(r.content) <= level
        else replace(r, content=r.content[: level - len(mark)] + mark)
        for r in results
    ]
