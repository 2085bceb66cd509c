"""Takes the value in base for a first writer.

check: two writers need a reducer
mistake: raises-for-nothing
"""

def merge_state(base, calls, updates, reducers):
    state = dict(base)
    for call in calls:
        for key, value in updates.get(call.id, {}).items():
            if key not in state:
                state[key] = value
            elif key in reducers:
                state[key] = reducers[key](state[key], value)
            else:
                raise ValueError(f"two calls write {key}")
    return state
