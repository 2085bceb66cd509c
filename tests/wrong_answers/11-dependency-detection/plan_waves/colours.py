"""Takes the first wave in which a call meets no conflict, even one before its rival's.

check: conflicting calls keep emission order
mistake: overtakes
"""

def plan_waves(ids, needs, clashes):
    rivals = {one: set() for one in ids}
    for a, b in clashes:
        rivals[a].add(b)
        rivals[b].add(a)
    waves, place = [], {}
    for one in ids:
        start = 1 + max((place[before] for before in needs[one]), default=-1)
        free = [n for n in range(start, len(waves)) if not rivals[one] & set(waves[n])]
        place[one] = free[0] if free else len(waves)
        if place[one] == len(waves):
            waves.append([])
        waves[place[one]].append(one)
    return waves
