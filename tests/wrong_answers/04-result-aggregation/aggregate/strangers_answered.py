"""Makes a result of every outcome, also of one that belongs to another turn.

check: answers every id once
mistake: stranger-answered
points: 3
"""

def aggregate(calls, outcomes):
    def result(call_id, outcome):
        if outcome["ok"]:
            return ToolResult(call_id, outcome["value"])
        return ToolResult(call_id, f"{outcome['error']}: {outcome['message']}", is_error=True)

    kept = {call.id: None for call in calls}
    for outcome in sorted(outcomes, key=lambda outcome: outcome["ok"]):
        kept[outcome["id"]] = outcome
    return [
        result(i, outcome) if outcome else ToolResult(i, "no outcome", True)
        for i, outcome in kept.items()
    ]
