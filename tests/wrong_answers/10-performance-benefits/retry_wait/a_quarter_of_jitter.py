"""Takes off no more than a quarter, as the vendors' clients do.

check: spreads the waits
mistake: no-jitter
"""


def retry_wait(status, number, retry_after, left_s, draw):
    if number >= 8 or not (status in (408, 409, 429) or status >= 500):
        return None
    ceiling = min(8.0, 0.5 * 2 ** (number - 1))
    wait = (retry_after or 0.0) + (1 - 0.25 * draw()) * ceiling
    return wait if wait <= left_s else None
