"""Tries again after 429 only.

check: tries again only what can pass
mistake: gives-up-at-once
"""


def retry_wait(status, number, retry_after, left_s, draw):
    if number >= 8 or status != 429:
        return None
    ceiling = min(8.0, 0.5 * 2 ** (number - 1))
    wait = (retry_after or 0.0) + draw() * ceiling
    return wait if wait <= left_s else None
