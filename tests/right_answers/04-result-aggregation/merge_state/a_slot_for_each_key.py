"""Has an object for each key that knows its writer."""

def merge_state(base, calls, updates, reducers):
    class Slot:
        def __init__(self, key, values):
            self.key, self.values, self.writer = key, list(values), None

        def write(self, writer, value):
            if self.key in reducers:
                self.values = [reducers[self.key](self.values[0], value)] if self.values else [value]
            elif self.writer:
                raise ValueError(f"{self.key}: written by {self.writer} and by {writer}")
            else:
                self.values, self.writer = [value], writer

    slots = {key: Slot(key, [value]) for key, value in base.items()}
    for call in calls:
        for key, value in updates.get(call.id, {}).items():
            slots.setdefault(key, Slot(key, [])).write(call.id, value)
    return {key: slot.values[0] for key, slot in slots.items()}
