"""Sorts each pair by name, as if ids counted up.

check: conflicting calls keep emission order
mistake: overtakes
"""

def plan_waves(ids, needs, clashes):
    before = {one: [*needs[one], *(min(p) for p in clashes if max(p) == one)] for one in ids}
    waves, done = [], set()
    while len(done) < len(ids):
        wave = [one for one in ids if one not in done and done >= set(before[one])]
        if not wave:
            wave = [one for one in ids if one not in done][:1]
        waves.append(wave)
        done |= set(wave)
    return waves
