"""Hands back results until the room is used up.

check: keeps every id, in order
mistake: id-lost
points: 0
"""

def fit_budget(results, max_chars, mark):
    kept, used = [], 0
    for result in results:
        if used + len(result.content) > max_chars:
            break
        used += len(result.content)
        kept.append(result)
    return kept
