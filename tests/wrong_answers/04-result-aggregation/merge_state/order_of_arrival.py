"""Applies the updates as they came in.

check: the order of arrival changes nothing
mistake: arrival-order
points: 7
"""

def merge_state(base, calls, updates, reducers):
    state, written = dict(base), set()
    for update in updates.values():
        for key, value in update.items():
            if key in reducers:
                state[key] = reducers[key](state[key], value) if key in state else value
            elif key in written:
                raise ValueError(f"two calls write {key}")
            else:
                state[key] = value
            written.add(key)
    return state
