"""Groups all tries by id and takes the best of each group."""

def aggregate(calls, outcomes):
    from collections import defaultdict

    tries = defaultdict(list)
    for outcome in outcomes:
        tries[outcome["id"]].append(outcome)

    def best(call):
        if not tries[call.id]:
            return ToolResult(call.id, "nothing was heard of this call", True)
        outcome = max(tries[call.id], key=lambda one: one["ok"])
        if outcome["ok"]:
            return ToolResult(call.id, outcome["value"])
        return ToolResult(call.id, outcome["error"] + " " + outcome["message"], True)

    return [best(call) for call in calls]
