"""Puts a call that has to wait behind every call emitted before it.

check: no call is later than it has to be
mistake: later-than-needed
points: 6
"""

def plan_waves(ids, needs, clashes):
    place = {call_id: number for number, call_id in enumerate(ids)}
    before = {call_id: [*needs[call_id]] for call_id in ids}
    for pair in clashes:
        one, other = sorted(pair, key=place.__getitem__)
        before[other].append(one)
    wave = {}
    for call_id in ids:
        wave[call_id] = 1 + max(wave.values(), default=-1) if before[call_id] else 0
    count = 1 + max(wave.values(), default=-1)
    return [[call_id for call_id in ids if wave[call_id] == number] for number in range(count)]
