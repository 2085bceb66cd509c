"""Tries again after the usual four server errors, and 429.

check: tries again only what can pass
mistake: gives-up-at-once
points: 5
"""


def retry_wait(status, number, retry_after, left_s, draw):
    if number >= 8 or status not in (408, 409, 429, 500, 502, 503, 504):
        return None
    ceiling = min(8.0, 0.5 * 2 ** (number - 1))
    wait = (retry_after or 0.0) + draw() * ceiling
    return wait if wait <= left_s else None
