"""Gives up if the whole ceiling would not fit.

check: knows when to stop
mistake: gives-up-early
"""


def retry_wait(status, number, retry_after, left_s, draw):
    if number >= 8 or not (status in (408, 409, 429) or status >= 500):
        return None
    ceiling = min(8.0, 0.5 * 2 ** (number - 1))
    wait = (retry_after or 0.0) + draw() * ceiling
    worst = (retry_after or 0.0) + ceiling
    return wait if worst <= left_s else None
