"""Cuts every good result to the same percentage.

check: cuts the longest, all to one length
mistake: proportional
"""

def fit_budget(results, max_chars, mark):
    room = max_chars - sum(len(r.content) for r in results if r.is_error)
    total = sum(len(r.content) for r in results if not r.is_error)
    if total <= room:
        return results
    fitted = []
    for r in results:
        size = len(r.content) * room // total
        if r.is_error:
            fitted.append(r)
        else:
            fitted.append(replace(r, content=r.content[: max(0, size - len(mark))] + mark))
    return fitted if sum(len(r.content) for r in fitted) <= max_chars else [
        r if r.is_error else replace(r, content=r.content[: len(mark) - len(mark)] + mark)
        for r in results
    ]
