"""Cuts everybody to an equal share, also when all would fit.

check: cuts the longest, all to one length
mistake: cut-for-nothing
points: 4
"""

def fit_budget(results, max_chars, mark):
    room = max_chars - sum(len(r.content) for r in results if r.is_error)
    good = sum(not r.is_error for r in results)
    share = room // good if good else 0
    return [
        r
        if r.is_error or len(r.content) <= share
        else replace(r, content=r.content[: share - len(mark)] + mark)
        for r in results
    ]
