"""Merges the first call's update and asks itself about the rest; knows its own error."""

def merge_state(base, calls, updates, reducers):
    class Clash(ValueError):
        """Two calls have written one key."""

    def merge(state, left, taken):
        if not left:
            return state
        update = updates.get(left[0].id, {})
        clash = (update.keys() & taken) - reducers.keys()
        if clash:
            raise Clash(", ".join(sorted(clash)))
        new = {
            key: reducers[key](state[key], value) if key in reducers and key in state else value
            for key, value in update.items()
        }
        return merge({**state, **new}, left[1:], taken | update.keys())

    return merge(base, list(calls), set())
