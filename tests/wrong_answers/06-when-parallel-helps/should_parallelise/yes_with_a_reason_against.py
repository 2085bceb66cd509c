"""Says yes and gives a reason for no.

check: returns a decision and a reason
mistake: reason-against-decision
points: 0
"""


def should_parallelise(profile):
    return True, "overhead"
