"""Pairs calls and outcomes by their places in the lists.

check: each call gets its own answer
mistake: by-position
"""

def aggregate(calls, outcomes):
    def result(call_id, outcome):
        if outcome["ok"]:
            return ToolResult(call_id, outcome["value"])
        return ToolResult(call_id, f"{outcome['error']}: {outcome['message']}", is_error=True)

    results = [result(call.id, outcome) for call, outcome in zip(calls, outcomes)]
    missing = [ToolResult(call.id, "no outcome", True) for call in calls[len(results):]]
    return results + missing
