"""Leaves its own notes in the state.

check: keeps what at most one has written
mistake: key-made-up
points: 7
"""

def merge_state(base, calls, updates, reducers):
    state = dict(base) | {"_writers": []}
    for call in calls:
        for key, value in updates.get(call.id, {}).items():
            if key in reducers:
                state[key] = reducers[key](state[key], value) if key in state else value
            elif key in state["_writers"]:
                raise ValueError(f"two calls write {key}")
            else:
                state[key] = value
                state["_writers"].append(key)
    return state
