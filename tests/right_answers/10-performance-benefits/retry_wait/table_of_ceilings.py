"""Looks the ceiling up."""


def retry_wait(status, number, retry_after, left_s, draw):
    can_pass = status in (408, 409, 429) or status // 100 >= 5
    ceilings = (0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0)
    if not can_pass or number > len(ceilings):
        return None
    wait = ceilings[number - 1] * draw() + (retry_after if retry_after else 0)
    return None if left_s < wait else wait
