"""Builds the new calls without their arguments.

check: returns the same calls in the same order
mistake: changes-calls
points: 0
"""

def normalise_ids(calls, taken):
    used = set(taken)
    return [
        call if call.id not in used and not used.add(call.id) else ToolCall(f"new_{n}", call.name)
        for n, call in enumerate(calls)
    ]
