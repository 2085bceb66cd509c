"""Takes off, wave by wave, all calls that wait for none that is left."""

def plan_waves(ids, needs, clashes):
    place = {one: n for n, one in enumerate(ids)}
    waits = {one: set(needs[one]) for one in ids}
    for a, b in clashes:
        if place[a] > place[b]:
            a, b = b, a
        waits[b].add(a)
    waves, left = [], list(ids)
    while left:
        wave = [one for one in left if not waits[one] & set(left)]
        waves.append(wave)
        left = [one for one in left if one not in wave]
    return waves
