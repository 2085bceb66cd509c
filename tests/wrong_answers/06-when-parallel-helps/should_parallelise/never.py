"""Says no to everything.

check: where it pays
mistake: never-parallel
"""


def should_parallelise(profile):
    return False, "chain"
