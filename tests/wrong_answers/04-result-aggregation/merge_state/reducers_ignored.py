"""Refuses a second writer of any key, and never reduces.

check: two writers need a reducer
mistake: raises-for-nothing
"""

def merge_state(base, calls, updates, reducers):
    state, written = dict(base), set()
    for call in calls:
        for key, value in updates.get(call.id, {}).items():
            if key in written:
                raise ValueError(f"two calls write {key}")
            written.add(key)
            state[key] = value
    return state
