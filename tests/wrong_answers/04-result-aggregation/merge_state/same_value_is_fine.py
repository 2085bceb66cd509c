"""Lets two writers pass if they write the same.

check: two writers need a reducer
mistake: luck-counts
points: 6
"""

def merge_state(base, calls, updates, reducers):
    state, written = dict(base), {}
    for call in calls:
        for key, value in updates.get(call.id, {}).items():
            if key in reducers:
                state[key] = reducers[key](state[key], value) if key in state else value
            elif key in written and written[key] != value:
                raise ValueError(f"two calls write {key}")
            else:
                state[key] = written[key] = value
    return state
