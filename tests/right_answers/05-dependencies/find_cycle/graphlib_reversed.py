"""Asks graphlib, and turns its cycle round."""

import graphlib


def find_cycle(needs):
    try:
        graphlib.TopologicalSorter(needs).prepare()
    except graphlib.CycleError as error:
        return list(reversed(error.args[1]))
    return None
