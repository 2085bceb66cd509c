"""Finds nothing, ever.

check: finds calls without a result
mistake: missed-call
points: 1
"""

def lint_history(messages):
    return []
