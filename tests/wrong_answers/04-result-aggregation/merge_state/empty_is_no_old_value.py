"""Takes an empty old value for none.

check: reducers join old and new
mistake: empty-taken-for-none
"""

def merge_state(base, calls, updates, reducers):
    state, written = dict(base), set()
    for call in calls:
        for key, value in updates.get(call.id, {}).items():
            if key in reducers:
                state[key] = reducers[key](state[key], value) if state.get(key) else value
            elif key in written:
                raise ValueError(f"two calls write {key}")
            else:
                state[key] = value
            written.add(key)
    return state
