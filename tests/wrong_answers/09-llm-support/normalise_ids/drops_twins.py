"""Takes calls with one id for one call.

check: returns the same calls in the same order
mistake: drops-calls
points: 0
"""

def normalise_ids(calls, taken):
    return list({call.id: call for call in calls}.values())
