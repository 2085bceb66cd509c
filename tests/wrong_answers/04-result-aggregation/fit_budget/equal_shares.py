"""Cuts everybody to the same share, and leaves unused what the short ones don't need.

check: uses the room there is
mistake: equal-shares
points: 6
"""

def fit_budget(results, max_chars, mark):
    room = max_chars - sum(len(r.content) for r in results if r.is_error)
    good = sum(not r.is_error for r in results)
    share = room // good if good else 0
    if sum(len(r.content) for r in results) <= max_chars:
        return results
    return [
        r
        if r.is_error or len(r.content) <= share
        else replace(r, content=r.content[: share - len(mark)] + mark)
        for r in results
    ]
