"""Applies the updates in the order of their ids, sorted as texts.

check: reducers join old and new
mistake: swapped-arguments
"""

def merge_state(base, calls, updates, reducers):
    state, written = dict(base), set()
    for call_id in sorted(updates, reverse=True):
        for key, value in updates[call_id].items():
            if key in reducers:
                state[key] = reducers[key](state[key], value) if key in state else value
            elif key in written:
                raise ValueError(f"two calls write {key}")
            else:
                state[key] = value
            written.add(key)
    return state
