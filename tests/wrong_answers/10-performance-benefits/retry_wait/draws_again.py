"""Compares the wait of one draw, and returns the wait of another.

check: spreads the waits
mistake: draws-twice
points: 5
"""

def retry_wait(status, number, retry_after, left_s, draw):
    if number >= 8 or (status not in (408, 409, 429) and status < 500):
        return None
    ceiling = min(8.0, 0.5 * 2 ** (number - 1))
    if (retry_after or 0) + draw() * ceiling > left_s:
        return None
    return (retry_after or 0) + draw() * ceiling
