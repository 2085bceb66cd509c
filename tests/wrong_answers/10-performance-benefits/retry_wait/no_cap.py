"""Doubles for ever.

check: doubles up to a cap
mistake: no-cap
points: 5
"""


def retry_wait(status, number, retry_after, left_s, draw):
    if number >= 8 or not (status in (408, 409, 429) or status >= 500):
        return None
    ceiling = 0.5 * 2 ** (number - 1)
    wait = (retry_after or 0.0) + draw() * ceiling
    return wait if wait <= left_s else None
