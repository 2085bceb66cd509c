"""Expects an old value for every key that has a reducer.

check: a first value needs no old one
mistake: reduces-nothing
"""

def merge_state(base, calls, updates, reducers):
    state, written = dict(base), set()
    for call in calls:
        for key, value in updates.get(call.id, {}).items():
            if key in reducers:
                state[key] = reducers[key](state[key], value)
            elif key in written:
                raise ValueError(f"two calls write {key}")
            else:
                state[key] = value
            written.add(key)
    return state
