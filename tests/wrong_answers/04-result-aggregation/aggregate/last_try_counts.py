"""Puts outcomes into a dict by id, so that the last one counts.

check: a good try beats a failed one
mistake: last-counts
points: 7
"""

def aggregate(calls, outcomes):
    def result(call_id, outcome):
        if outcome["ok"]:
            return ToolResult(call_id, outcome["value"])
        return ToolResult(call_id, f"{outcome['error']}: {outcome['message']}", is_error=True)

    kept = {outcome["id"]: outcome for outcome in outcomes}
    return [
        result(call.id, kept[call.id])
        if call.id in kept
        else ToolResult(call.id, "no outcome", True)
        for call in calls
    ]
