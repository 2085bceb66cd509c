"""Raises without saying which key it is about.

check: two writers need a reducer
mistake: key-not-named
points: 6
"""

def merge_state(base, calls, updates, reducers):
    state, written = dict(base), set()
    for call in calls:
        for key, value in updates.get(call.id, {}).items():
            if key in reducers:
                state[key] = reducers[key](state[key], value) if key in state else value
            elif key in written:
                raise ValueError("two calls write the same thing")
            else:
                state[key] = value
            written.add(key)
    return state
