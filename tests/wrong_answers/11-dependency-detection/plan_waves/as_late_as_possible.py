"""Puts each call directly before the first that waits for it.

check: no call is later than it has to be
mistake: later-than-needed
points: 6
"""

def plan_waves(ids, needs, clashes):
    place = {one: n for n, one in enumerate(ids)}
    after = {one: [] for one in ids}
    for one in ids:
        for before in needs[one]:
            after[before].append(one)
    for pair in clashes:
        a, b = sorted(pair, key=place.get)
        after[a].append(b)
    wave = {}
    for one in reversed(ids):
        wave[one] = min((wave[other] for other in after[one]), default=0) - 1
    low = min(wave.values(), default=0)
    return [[one for one in ids if wave[one] == n] for n in range(low, 0)]
