"""Treats errors like any other result.

check: keeps errors whole
mistake: error-cut
"""

def fit_budget(results, max_chars, mark):
    level = max_chars
    while sum(min(len(r.content), level) for r in results) > max_chars:
        level -= 1
    return [
        r
        if len(r.content) <= level
        else replace(r, content=r.content[: max(0, level - len(mark))] + mark)
        for r in results
    ]
