"""Leaves at the first reason to give up."""


def retry_wait(status, number, retry_after, left_s, draw):
    if status < 500 and status not in {408, 409, 429}:
        return None
    if number >= 8:
        return None
    ceiling = 0.5
    for _ in range(number - 1):
        ceiling = min(2 * ceiling, 8.0)
    wait = draw() * ceiling
    if retry_after is not None:
        wait += retry_after
    if wait > left_s:
        return None
    return wait
