"""Returns whether to try, and when.

check: returns seconds or None
mistake: not-seconds
points: 0
"""


def retry_wait(status, number, retry_after, left_s, draw):
    if number >= 8 or not (status in (408, 409, 429) or status >= 500):
        return None
    ceiling = min(8.0, 0.5 * 2 ** (number - 1))
    wait = (retry_after or 0.0) + draw() * ceiling
    return wait <= left_s, wait
