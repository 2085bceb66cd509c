"""Returns only what was written.

check: keeps what at most one has written
mistake: base-lost
points: 7
"""

def merge_state(base, calls, updates, reducers):
    state, written = {}, set()
    for call in calls:
        for key, value in updates.get(call.id, {}).items():
            if key in reducers and key in base | state:
                state[key] = reducers[key]((base | state)[key], value)
            elif key in written:
                raise ValueError(f"two calls write {key}")
            else:
                state[key] = value
            written.add(key)
    return state
