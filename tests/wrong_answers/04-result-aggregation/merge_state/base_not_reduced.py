"""Reduces the updates among themselves and forgets what was there before.

check: reducers join old and new
mistake: base-not-reduced
points: 5
"""

def merge_state(base, calls, updates, reducers):
    merged = {}
    for call in calls:
        for key, value in updates.get(call.id, {}).items():
            if key not in merged:
                merged[key] = value
            elif key in reducers:
                merged[key] = reducers[key](merged[key], value)
            else:
                raise ValueError(f"two calls write {key}")
    return base | merged
