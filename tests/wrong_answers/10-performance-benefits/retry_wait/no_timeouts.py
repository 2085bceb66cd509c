"""Forgets timeouts and conflicts.

check: tries again only what can pass
mistake: gives-up-at-once
points: 5
"""


def retry_wait(status, number, retry_after, left_s, draw):
    if number >= 8 or not (status == 429 or status >= 500):
        return None
    ceiling = min(8.0, 0.5 * 2 ** (number - 1))
    wait = (retry_after or 0.0) + draw() * ceiling
    return wait if wait <= left_s else None
