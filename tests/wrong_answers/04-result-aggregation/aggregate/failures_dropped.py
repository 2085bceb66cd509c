"""Leaves out what failed: the model is told good news only.

check: answers every id once
mistake: id-lost
points: 3
"""

def aggregate(calls, outcomes):
    good = {outcome["id"]: outcome["value"] for outcome in outcomes if outcome["ok"]}
    return [ToolResult(call.id, good[call.id]) for call in calls if call.id in good]
