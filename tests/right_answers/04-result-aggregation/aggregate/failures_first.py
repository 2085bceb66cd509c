"""Sorts the outcomes, failures first, so that in a dict the good ones win."""

def aggregate(calls, outcomes):
    kept = {o["id"]: o for o in sorted(outcomes, key=lambda o: o["ok"])}
    results = []
    for call in calls:
        match kept.get(call.id):
            case {"ok": True, "value": value}:
                results.append(ToolResult(call.id, value))
            case {"ok": False, "error": error, "message": message}:
                results.append(ToolResult(call.id, f"{error} ({message})", is_error=True))
            case None:
                results.append(ToolResult(call.id, "No answer; ask again.", is_error=True))
    return results
