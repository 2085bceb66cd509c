"""Awaits each read before it starts the next.

check: all start at once, and the last answer needed ends the wait
mistake: starts-late
"""

async def first_k(reads, k):
    answers = []
    for read in reads:
        try:
            answers.append(await read())
        except Exception:
            continue
        if len(answers) == k:
            return answers
    raise LookupError("too few")
