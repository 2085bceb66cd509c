"""Hands on the cycle that graphlib reports, which runs the other way.

check: the path is a real cycle
mistake: backwards
points: 5
"""

import graphlib


def find_cycle(needs):
    try:
        graphlib.TopologicalSorter(needs).prepare()
    except graphlib.CycleError as error:
        return error.args[1]
    return None
