"""Lists the statuses of the five hundreds that it has heard of.

check: tries again only what can pass
mistake: gives-up-at-once
points: 5
"""

def retry_wait(status, number, retry_after, left_s, draw):
    if status not in (408, 409, 429, 500, 502, 503, 504, 529) or number >= 8:
        return None
    wait = (retry_after or 0) + draw() * min(8.0, 0.5 * 2 ** (number - 1))
    return None if wait > left_s else wait
