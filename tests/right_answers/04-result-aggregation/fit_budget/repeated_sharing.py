"""Shares out again as long as somebody is content with less."""

def fit_budget(results, max_chars, mark):
    room = max_chars - sum(len(r.content) for r in results if r.is_error)
    hungry = {r.id: len(r.content) for r in results if not r.is_error}
    while hungry:
        share = room // len(hungry)
        full = [i for i, length in hungry.items() if length <= share]
        if not full:
            break
        for i in full:
            room -= hungry.pop(i)
    return [
        replace(r, content=r.content[: share - len(mark)] + mark) if r.id in hungry else r
        for r in results
    ]
