"""Makes a result of every outcome, also of several tries of one call.

check: answers every id once
mistake: answered-twice
points: 3
"""

def aggregate(calls, outcomes):
    def result(call_id, outcome):
        if outcome["ok"]:
            return ToolResult(call_id, outcome["value"])
        return ToolResult(call_id, f"{outcome['error']}: {outcome['message']}", is_error=True)

    results = []
    for call in calls:
        mine = [outcome for outcome in outcomes if outcome["id"] == call.id]
        results += [result(call.id, outcome) for outcome in mine]
        if not mine:
            results.append(ToolResult(call.id, "no outcome", True))
    return results
