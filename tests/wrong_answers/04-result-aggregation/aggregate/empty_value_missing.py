"""Takes an empty answer for no answer.

check: each call gets its own answer
mistake: blank-taken-for-missing
points: 6
"""

def aggregate(calls, outcomes):
    results = []
    for call in calls:
        mine = [outcome for outcome in outcomes if outcome["id"] == call.id]
        value = next((o["value"] for o in mine if o.get("value")), None)
        failed = [o for o in mine if not o["ok"]]
        if value:
            results.append(ToolResult(call.id, value))
        elif failed:
            text = f"{failed[0]['error']}: {failed[0]['message']}"
            results.append(ToolResult(call.id, text, is_error=True))
        else:
            results.append(ToolResult(call.id, "no outcome", is_error=True))
    return results
