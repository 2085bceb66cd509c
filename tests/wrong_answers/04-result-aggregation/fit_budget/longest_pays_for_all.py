"""Shortens the longest result until all fits, and only that one.

check: cuts the longest, all to one length
mistake: unequal
"""

def fit_budget(results, max_chars, mark):
    texts = {r.id: r.content for r in results}
    for r in sorted(results, key=lambda r: (r.is_error, -len(r.content))):
        over = sum(map(len, texts.values())) - max_chars
        if over <= 0 or r.is_error:
            break
        keep = max(0, len(r.content) - over - len(mark))
        texts[r.id] = r.content[:keep] + mark
    return [replace(r, content=texts[r.id]) for r in results]
