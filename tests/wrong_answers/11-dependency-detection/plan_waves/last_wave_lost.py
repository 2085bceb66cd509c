"""Appends a wave when the next one begins, and forgets the last.

check: every call is in one wave
mistake: calls-lost
points: 1
"""

def plan_waves(ids, needs, clashes):
    place = {call_id: number for number, call_id in enumerate(ids)}
    before = {call_id: [*needs[call_id]] for call_id in ids}
    for pair in clashes:
        one, other = sorted(pair, key=place.__getitem__)
        before[other].append(one)
    wave = {}
    for call_id in ids:
        wave[call_id] = 1 + max((wave[one] for one in before[call_id]), default=-1)
    count = 1 + max(wave.values(), default=-1)
    return [[call_id for call_id in ids if wave[call_id] == number] for number in range(count - 1)]
