"""Marks a silent call as an error that says nothing.

check: a silent call is told as one
mistake: empty-error
points: 7
"""

def aggregate(calls, outcomes):
    def result(call_id, outcome):
        if outcome["ok"]:
            return ToolResult(call_id, outcome["value"])
        return ToolResult(call_id, f"{outcome['error']}: {outcome['message']}", is_error=True)

    kept = {}
    for outcome in sorted(outcomes, key=lambda outcome: outcome["ok"]):
        kept[outcome["id"]] = outcome
    return [
        result(call.id, kept[call.id]) if call.id in kept else ToolResult(call.id, "", True)
        for call in calls
    ]
