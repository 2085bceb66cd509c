"""Reports a call as failed if any of its tries failed.

check: a good try beats a failed one
mistake: failure-counts
points: 7
"""

def aggregate(calls, outcomes):
    def result(call_id, outcome):
        if outcome["ok"]:
            return ToolResult(call_id, outcome["value"])
        return ToolResult(call_id, f"{outcome['error']}: {outcome['message']}", is_error=True)

    results = []
    for call in calls:
        mine = [outcome for outcome in outcomes if outcome["id"] == call.id]
        mine.sort(key=lambda outcome: outcome["ok"])
        results.append(result(call.id, mine[0]) if mine else ToolResult(call.id, "silent", True))
    return results
