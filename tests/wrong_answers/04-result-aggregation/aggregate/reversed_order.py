"""Takes the calls from the end and forgets to turn the list round.

check: the order of arrival changes nothing
mistake: other-order
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
    left, results = list(calls), []
    while left:
        call = left.pop()
        results.append(
            result(call.id, kept[call.id]) if call.id in kept else ToolResult(call.id, "silent", True)
        )
    return results
