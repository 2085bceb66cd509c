"""Guesses an old value of 0, or an empty one of the same type.

check: a first value needs no old one
mistake: guesses-old
"""

def merge_state(base, calls, updates, reducers):
    state, written = dict(base), set()
    for call in calls:
        for key, value in updates.get(call.id, {}).items():
            if key in reducers:
                state[key] = reducers[key](state.get(key, type(value)()), value)
            elif key in written:
                raise ValueError(f"two calls write {key}")
            else:
                state[key] = value
            written.add(key)
    return state
