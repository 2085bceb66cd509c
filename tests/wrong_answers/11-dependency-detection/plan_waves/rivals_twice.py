"""Lists each conflicting call once for each of its conflicts.

check: every call is in one wave
mistake: twice
points: 1
"""

def plan_waves(ids, needs, clashes):
    place = {one: n for n, one in enumerate(ids)}
    wave = {}
    for one in ids:
        before = [*needs[one], *(o for p in clashes if one in p for o in p if place[o] < place[one])]
        wave[one] = 1 + max((wave[other] for other in before), default=-1)
    count = 1 + max(wave.values(), default=-1)
    inside = [*ids, *(one for pair in clashes for one in pair)]
    return [[one for one in inside if wave[one] == n] for n in range(count)]
