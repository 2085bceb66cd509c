"""Runs all in one wave.

check: conflicting calls keep emission order
mistake: together
"""

def plan_waves(ids, needs, clashes):
    return [list(ids)] if ids else []
