"""Gives the history back as it is.

check: every call has a result right after its turn
mistake: call-unanswered
points: 2
"""

def repair_history(messages):
    return messages
