"""Lets graphlib hand out what is ready."""

from graphlib import TopologicalSorter


def plan_waves(ids, needs, clashes):
    place = {one: n for n, one in enumerate(ids)}
    sorter = TopologicalSorter({one: needs[one] for one in ids})
    for pair in clashes:
        early, late = sorted(pair, key=place.__getitem__)
        sorter.add(late, early)
    sorter.prepare()
    waves = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready(), key=place.__getitem__)
        waves.append(ready)
        sorter.done(*ready)
    return waves
