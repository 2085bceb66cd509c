"""Joins all answers into one text and gives it to every call.

check: each call gets its own answer
mistake: mixed-up
"""

def aggregate(calls, outcomes):
    texts = [o["value"] if o["ok"] else f"{o['error']}: {o['message']}" for o in outcomes]
    failed = not all(o["ok"] for o in outcomes)
    return [ToolResult(call.id, "; ".join(texts) or "nothing", failed) for call in calls]
