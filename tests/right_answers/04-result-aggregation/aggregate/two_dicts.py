"""Keeps what worked and what failed in two dicts; is a coroutine function."""

async def aggregate(calls, outcomes):
    good = {o["id"]: o["value"] for o in outcomes if o["ok"]}
    bad = {o["id"]: f"failed with {o['error']}: {o['message']}" for o in outcomes if not o["ok"]}
    return [
        ToolResult(call.id, good[call.id])
        if call.id in good
        else ToolResult(call.id, bad.get(call.id, "unknown"), is_error=True)
        for call in calls
    ]
