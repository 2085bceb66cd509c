"""Looks every call up with brackets, and falls over a silent one.

check: returns a list of results
mistake: missing-key
points: 0
"""

def aggregate(calls, outcomes):
    def result(call_id, outcome):
        if outcome["ok"]:
            return ToolResult(call_id, outcome["value"])
        return ToolResult(call_id, f"{outcome['error']}: {outcome['message']}", is_error=True)

    kept = {}
    for outcome in sorted(outcomes, key=lambda outcome: outcome["ok"]):
        kept[outcome["id"]] = outcome
    return [result(call.id, kept[call.id]) for call in calls]
