"""Begins a new wave for everyone at each conflict.

check: no call is later than it has to be
mistake: later-than-needed
points: 6
"""

def plan_waves(ids, needs, clashes):
    pairs = {frozenset(pair) for pair in clashes}
    waves = []
    for one in ids:
        stop = not waves or any(
            other in needs[one] or frozenset((one, other)) in pairs for other in waves[-1]
        )
        if stop:
            waves.append([])
        waves[-1].append(one)
    return waves
