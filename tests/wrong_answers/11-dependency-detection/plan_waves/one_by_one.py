"""Runs one call after another.

check: no call is later than it has to be
mistake: serial
points: 6
"""

def plan_waves(ids, needs, clashes):
    return [[one] for one in ids]
