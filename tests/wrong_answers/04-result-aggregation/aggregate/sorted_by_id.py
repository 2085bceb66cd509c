"""Sorts the results by id, to be sure of one order.

check: the order of arrival changes nothing
mistake: sorted-ids
points: 7
"""

def aggregate(calls, outcomes):
    def result(call_id, outcome):
        if outcome["ok"]:
            return ToolResult(call_id, outcome["value"])
        return ToolResult(call_id, f"{outcome['error']}: {outcome['message']}", is_error=True)

    results = []
    for call in sorted(calls, key=lambda call: call.id):
        mine = [outcome for outcome in outcomes if outcome["id"] == call.id]
        mine.sort(key=lambda outcome: outcome["ok"])
        results.append(result(call.id, mine[-1]) if mine else ToolResult(call.id, "silent", True))
    return results
