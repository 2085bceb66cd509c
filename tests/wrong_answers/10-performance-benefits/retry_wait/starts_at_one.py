"""Begins with a ceiling of one second.

check: doubles up to a cap
mistake: not-doubling
points: 5
"""


def retry_wait(status, number, retry_after, left_s, draw):
    if number >= 8 or not (status in (408, 409, 429) or status >= 500):
        return None
    ceiling = min(8.0, 0.5 * 2**number)
    wait = (retry_after or 0.0) + draw() * ceiling
    return wait if wait <= left_s else None
