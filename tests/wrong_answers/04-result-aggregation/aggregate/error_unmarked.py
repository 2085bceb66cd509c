"""Writes the error into the content and does not mark it.

check: a failure says what failed
mistake: error-unmarked
points: 7
"""

def aggregate(calls, outcomes):
    kept = {}
    for outcome in sorted(outcomes, key=lambda outcome: outcome["ok"]):
        kept[outcome["id"]] = outcome
    results = []
    for call in calls:
        outcome = kept.get(call.id)
        if outcome is None:
            results.append(ToolResult(call.id, "no outcome", is_error=True))
        elif outcome["ok"]:
            results.append(ToolResult(call.id, outcome["value"]))
        else:
            results.append(ToolResult(call.id, f"{outcome['error']}: {outcome['message']}"))
    return results
