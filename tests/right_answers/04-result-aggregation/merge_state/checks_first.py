"""Looks for clashes before it merges anything."""

def merge_state(base, calls, updates, reducers):
    from collections import Counter

    writers = Counter(key for update in updates.values() for key in update)
    for key, count in writers.items():
        if count > 1 and key not in reducers:
            raise ValueError(f"{count} calls write {key!r}: it needs a reducer")
    state = {**base}
    for update in (updates[call.id] for call in calls if call.id in updates):
        for key, value in update.items():
            state[key] = reducers[key](state[key], value) if key in reducers and key in state else value
    return state
