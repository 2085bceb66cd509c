"""Expects an update from every call.

check: returns a state
mistake: expects-every-update
points: 0
"""

def merge_state(base, calls, updates, reducers):
    state, written = dict(base), set()
    for call in calls:
        for key, value in updates[call.id].items():
            if key in reducers:
                state[key] = reducers[key](state[key], value) if key in state else value
            elif key in written:
                raise ValueError(f"two calls write {key}")
            else:
                state[key] = value
            written.add(key)
    return state
