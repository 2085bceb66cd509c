"""Decides without a reason.

check: returns a decision and a reason
mistake: not-a-decision
points: 0
"""


def should_parallelise(profile):
    return len(profile["chains"]) > 1
