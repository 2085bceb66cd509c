"""Keeps a mark for everybody, and gives all the rest to the first.

check: cuts the longest, all to one length
mistake: first-come
points: 6
"""

def fit_budget(results, max_chars, mark):
    room = max_chars - sum(len(r.content) for r in results if r.is_error)
    waiting = [r for r in results if not r.is_error]
    fitted = {}
    for place, result in enumerate(waiting):
        later = sum(min(len(mark), len(r.content)) for r in waiting[place + 1 :])
        text = result.content
        if len(text) > room - later:
            text = text[: room - later - len(mark)] + mark
        room -= len(text)
        fitted[result.id] = replace(result, content=text)
    return [fitted.get(result.id, result) for result in results]
