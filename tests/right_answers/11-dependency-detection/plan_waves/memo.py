"""Asks for each call's wave by recursion, and remembers the answer; tuples for lists."""

from functools import cache


def plan_waves(ids, needs, clashes):
    earlier = {one: set(ids[:n]) for n, one in enumerate(ids)}

    @cache
    def depth(one):
        rivals = {other for pair in clashes if one in pair for other in pair} & earlier[one]
        return max((depth(other) + 1 for other in rivals | set(needs[one])), default=0)

    waves = [[] for _ in range(max(map(depth, ids), default=-1) + 1)]
    for one in ids:
        waves[depth(one)].append(one)
    return tuple(map(tuple, waves))
