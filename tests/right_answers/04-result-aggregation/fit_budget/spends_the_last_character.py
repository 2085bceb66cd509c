"""Gives one more character to some of the cut ones, so that nothing is left over."""

def fit_budget(results, max_chars, mark):
    room = max_chars - sum(len(r.content) for r in results if r.is_error)
    waiting = sorted((r for r in results if not r.is_error), key=lambda r: len(r.content))
    size = {}
    while waiting:
        share = room // len(waiting)
        size[waiting[0].id] = min(len(waiting[0].content), share)
        room -= size[waiting[0].id]
        waiting = waiting[1:]
    out = []
    for r in results:
        if r.is_error or size[r.id] == len(r.content):
            out.append(r)
        else:
            out.append(replace(r, content=r.content[: size[r.id] - len(mark)] + mark))
    return out
