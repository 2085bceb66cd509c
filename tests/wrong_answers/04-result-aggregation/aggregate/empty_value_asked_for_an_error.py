"""Takes an empty answer for a failure, and asks it for an error it does not have.

check: returns a list of results
mistake: blank-taken-for-failed
points: 0
"""

def aggregate(calls, outcomes):
    best = {}
    for outcome in outcomes:
        if not best.get(outcome["id"], {}).get("value"):
            best[outcome["id"]] = outcome
    results = []
    for call in calls:
        outcome = best.get(call.id)
        if outcome is None:
            results.append(ToolResult(call.id, "no outcome", is_error=True))
        elif outcome.get("value"):
            results.append(ToolResult(call.id, outcome["value"]))
        else:
            told = f"{outcome['error']}: {outcome['message']}"
            results.append(ToolResult(call.id, told, is_error=True))
    return results
