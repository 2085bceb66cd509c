"""Returns the ids, not the calls.

check: returns the same calls in the same order
mistake: not-calls
points: 0
"""

def normalise_ids(calls, taken):
    return [call.id for call in calls]
