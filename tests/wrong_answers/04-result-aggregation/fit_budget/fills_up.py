"""Fills the room from the front; whoever comes late gets the mark alone.

check: stays within the budget
mistake: over-budget
"""

def fit_budget(results, max_chars, mark):
    room, fitted = max_chars, []
    for result in results:
        text = result.content
        if len(text) > room and not result.is_error:
            text = text[: max(0, room - len(mark))] + mark
        room -= len(text)
        fitted.append(replace(result, content=text))
    return fitted
