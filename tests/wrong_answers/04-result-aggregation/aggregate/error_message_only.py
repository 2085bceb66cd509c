"""Says the error's message, which can be empty.

check: a failure says what failed
mistake: type-lost
points: 7
"""

def aggregate(calls, outcomes):
    kept = {}
    for outcome in sorted(outcomes, key=lambda outcome: outcome["ok"]):
        kept[outcome["id"]] = outcome
    results = []
    for call in calls:
        outcome = kept.get(call.id, {"ok": False, "message": "no outcome"})
        results.append(
            ToolResult(call.id, outcome["value"])
            if outcome["ok"]
            else ToolResult(call.id, outcome["message"], is_error=True)
        )
    return results
