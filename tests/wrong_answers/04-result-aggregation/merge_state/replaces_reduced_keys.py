"""Takes the last value of a key, though it has a reducer.

check: reducers join old and new
mistake: last-writer-wins
"""

def merge_state(base, calls, updates, reducers):
    state, writer = dict(base), {}
    for call in calls:
        for key, value in updates.get(call.id, {}).items():
            if key not in reducers and key in writer:
                raise ValueError(f"two calls write {key}")
            writer[key] = call.id
            state[key] = value
    return state
