"""Takes None for a key that was not written.

check: keeps what at most one has written
mistake: write-lost
points: 7
"""

def merge_state(base, calls, updates, reducers):
    state, written = dict(base), set()
    for call in calls:
        for key, value in updates.get(call.id, {}).items():
            if key in reducers:
                state[key] = reducers[key](state[key], value) if key in state else value
            elif key in written:
                raise ValueError(f"two calls write {key}")
            else:
                state[key] = state.get(key) if value is None else value
            written.add(key)
    return state
