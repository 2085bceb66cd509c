"""Tries again whatever the status.

check: tries again only what can pass
mistake: retries-final
"""


def retry_wait(status, number, retry_after, left_s, draw):
    if number >= 8:
        return None
    ceiling = min(8.0, 0.5 * 2 ** (number - 1))
    wait = (retry_after or 0.0) + draw() * ceiling
    return wait if wait <= left_s else None
