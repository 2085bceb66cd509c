"""Raises a KeyError for a key with two writers.

check: two writers need a reducer
mistake: other-error
points: 6
"""

def merge_state(base, calls, updates, reducers):
    state, written = dict(base), set()
    for call in calls:
        for key, value in updates.get(call.id, {}).items():
            if key in reducers:
                state[key] = reducers[key](state[key], value) if key in state else value
            elif key in written:
                raise KeyError(key)
            else:
                state[key] = value
            written.add(key)
    return state
