"""Finds the highest level that fits by halving."""

def fit_budget(results, max_chars, mark):
    from bisect import bisect_right

    errors = sum(len(r.content) for r in results if r.is_error)
    good = [len(r.content) for r in results if not r.is_error]
    highest = max(good, default=0)
    used = lambda level: errors + sum(min(length, level) for length in good)
    level = bisect_right(range(highest + 1), max_chars, key=used) - 1
    fitted = []
    for r in results:
        content = r.content
        if not r.is_error and len(content) > level:
            content = content[: level - len(mark)] + mark
        fitted.append(ToolResult(r.id, content, r.is_error))
    return fitted
