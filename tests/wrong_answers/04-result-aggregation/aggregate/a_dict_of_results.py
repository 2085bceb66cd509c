"""Returns a dict by id instead of a list.

check: returns a list of results
mistake: not-a-list
points: 0
"""

def aggregate(calls, outcomes):
    return {o["id"]: ToolResult(o["id"], o.get("value", "failed"), not o["ok"]) for o in outcomes}
