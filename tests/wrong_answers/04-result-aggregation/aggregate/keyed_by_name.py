"""Keeps the outcomes in a dict by tool name.

check: each call gets its own answer
mistake: by-name
"""

def aggregate(calls, outcomes):
    def result(call_id, outcome):
        if outcome["ok"]:
            return ToolResult(call_id, outcome["value"])
        return ToolResult(call_id, f"{outcome['error']}: {outcome['message']}", is_error=True)

    kept = {outcome["name"]: outcome for outcome in outcomes}
    return [
        result(call.id, kept[call.name])
        if call.name in kept
        else ToolResult(call.id, "no outcome", True)
        for call in calls
    ]
