"""Matches the status."""


def retry_wait(status, number, retry_after, left_s, draw):
    match status:
        case 408 | 409 | 429:
            again = True
        case _:
            again = status >= 500
    floor = 0.0 if retry_after is None else float(retry_after)
    wait = floor + min(2.0 ** (number - 2), 8.0) * draw()
    return wait if again and number < 8 and wait <= left_s else None
