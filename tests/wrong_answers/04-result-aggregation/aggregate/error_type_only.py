"""Names the error's type and keeps its message to itself.

check: a failure says what failed
mistake: message-lost
points: 7
"""

def aggregate(calls, outcomes):
    kept = {}
    for outcome in sorted(outcomes, key=lambda outcome: outcome["ok"]):
        kept[outcome["id"]] = outcome
    results = []
    for call in calls:
        outcome = kept.get(call.id, {"ok": False, "error": "NoOutcome"})
        results.append(
            ToolResult(call.id, outcome["value"])
            if outcome["ok"]
            else ToolResult(call.id, outcome["error"], is_error=True)
        )
    return results
