"""Marks every result once one call has failed: the batch has failed.

check: each call gets its own answer
mistake: good-call-marked
"""

def aggregate(calls, outcomes):
    kept = {}
    for outcome in sorted(outcomes, key=lambda outcome: outcome["ok"]):
        kept[outcome["id"]] = outcome
    failed = any(not kept.get(call.id, {"ok": False})["ok"] for call in calls)
    results = []
    for call in calls:
        outcome = kept.get(call.id, {"ok": False, "error": "no outcome", "message": ""})
        text = outcome["value"] if outcome["ok"] else f"{outcome['error']}: {outcome['message']}"
        results.append(ToolResult(call.id, text, is_error=failed))
    return results
