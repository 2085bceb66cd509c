"""Starts from an error for every call, and replaces it by what arrives."""

def aggregate(calls, outcomes):
    reply = {call.id: ToolResult(call.id, "never ended", is_error=True) for call in calls}
    for outcome in outcomes:
        known = reply.get(outcome["id"])
        if known is None or not known.is_error:
            continue
        content = outcome["value"] if outcome["ok"] else "{error}: {message}".format(**outcome)
        reply[outcome["id"]] = ToolResult(outcome["id"], content, not outcome["ok"])
    return list(reply.values())
