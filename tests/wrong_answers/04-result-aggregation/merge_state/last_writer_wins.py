"""Updates the state with each update, one after another.

check: two writers need a reducer
mistake: silent-overwrite
"""

def merge_state(base, calls, updates, reducers):
    state = dict(base)
    for update in updates.values():
        state.update(update)
    return state
