"""Hands the results back in the order in which their outcomes arrived.

check: the order of arrival changes nothing
mistake: completion-order
points: 7
"""

def aggregate(calls, outcomes):
    def result(call_id, outcome):
        if outcome["ok"]:
            return ToolResult(call_id, outcome["value"])
        return ToolResult(call_id, f"{outcome['error']}: {outcome['message']}", is_error=True)

    wanted, kept = [call.id for call in calls], {}
    for outcome in outcomes:
        if outcome["id"] in wanted and not kept.get(outcome["id"], {"ok": False})["ok"]:
            kept[outcome["id"]] = outcome
    results = [result(i, outcome) for i, outcome in kept.items()]
    return results + [ToolResult(i, "no outcome", True) for i in wanted if i not in kept]
