"""Makes new results and forgets is_error.

check: keeps errors whole
mistake: mark-lost
points: 7
"""

def fit_budget(results, max_chars, mark):
    room = max_chars - sum(len(r.content) for r in results if r.is_error)
    level = room
    good = [len(r.content) for r in results if not r.is_error]
    while sum(min(length, level) for length in good) > room:
        level -= 1

    return [
        ToolResult(
            r.id,
            r.content
            if r.is_error or len(r.content) <= level
            else r.content[: level - len(mark)] + mark,
        )
        for r in results
    ]
