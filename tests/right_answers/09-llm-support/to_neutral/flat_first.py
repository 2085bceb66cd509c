"""Flattens every part to one shape, then reads that."""

def to_neutral(reply, api):
    if api == "chat":
        parts = reply["choices"][0]["message"].get("tool_calls") or []
        parts = [{"call_id": part["id"]} | part["function"] for part in parts]
    else:
        parts = reply["content" if api == "messages" else "output"]
        parts = [part for part in parts if part["type"] in ("tool_use", "function_call")]
    calls = []
    for part in parts:
        arguments = part.get("input", part.get("arguments"))
        if not isinstance(arguments, dict):
            arguments = json.loads(arguments or "{}")
        calls.append(ToolCall(part.get("call_id") or part["id"], part["name"], arguments))
    return calls
