"""Goes through the keys, and folds the values of each."""

def merge_state(base, calls, updates, reducers):
    in_order = [updates[call.id] for call in calls if call.id in updates]
    state = dict(base)
    for key in {key: None for update in in_order for key in update}:
        values = [update[key] for update in in_order if key in update]
        if key in reducers:
            old = [base[key]] if key in base else []
            state[key] = reduce(reducers[key], old + values)
        elif len(values) > 1:
            raise ValueError(f"{key} was written {len(values)} times")
        else:
            (state[key],) = values
    return state
