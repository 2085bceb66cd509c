"""Says yes to everything.

check: single calls and chains
mistake: overlaps-nothing
points: 2
"""


def should_parallelise(profile):
    return True, "pays"
