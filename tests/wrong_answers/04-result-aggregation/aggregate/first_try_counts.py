"""Takes the first outcome it finds for a call.

check: a good try beats a failed one
mistake: first-counts
points: 7
"""

def aggregate(calls, outcomes):
    def result(call_id, outcome):
        if outcome["ok"]:
            return ToolResult(call_id, outcome["value"])
        return ToolResult(call_id, f"{outcome['error']}: {outcome['message']}", is_error=True)

    results = []
    for call in calls:
        mine = next((outcome for outcome in outcomes if outcome["id"] == call.id), None)
        results.append(result(call.id, mine) if mine else ToolResult(call.id, "silent", True))
    return results
