"""Answers a silent call with an empty text, as if it had found nothing.

check: a silent call is told as one
mistake: error-unmarked
points: 7
"""

def aggregate(calls, outcomes):
    def result(call_id, outcome):
        if outcome["ok"]:
            return ToolResult(call_id, outcome["value"])
        return ToolResult(call_id, f"{outcome['error']}: {outcome['message']}", is_error=True)

    kept = {}
    for outcome in sorted(outcomes, key=lambda outcome: outcome["ok"]):
        kept[outcome["id"]] = outcome
    return [
        result(call.id, kept[call.id]) if call.id in kept else ToolResult(call.id, "")
        for call in calls
    ]
