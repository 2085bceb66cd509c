"""Keeps the first value that is written to a key.

check: reducers join old and new
mistake: first-writer-wins
"""

def merge_state(base, calls, updates, reducers):
    written = {}
    for call in calls:
        for key, value in updates.get(call.id, {}).items():
            if key in written and key not in reducers:
                raise ValueError(f"two calls write {key}")
            written.setdefault(key, value)
    return base | written
