"""Groups by a number that changes at each barrier."""

from itertools import groupby

def segment_by_barriers(calls, barriers):
    key, keys = 0, {}
    for call in calls:
        if call.name in barriers:
            key += 1
            keys[call.id] = key
            key += 1
        else:
            keys[call.id] = key
    return [list(group) for _, group in groupby(calls, lambda call: keys[call.id])]
