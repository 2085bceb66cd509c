"""Changes base and returns nothing.

check: returns a state
mistake: returns-nothing
points: 0
"""

def merge_state(base, calls, updates, reducers):
    for call in calls:
        base.update(updates.get(call.id, {}))
