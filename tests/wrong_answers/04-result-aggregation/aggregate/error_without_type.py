"""Tells a failure by its message and calls it an error, without its type.

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
            else ToolResult(call.id, f"The call failed: {outcome['message']}", is_error=True)
        )
    return results
