"""Matches the shape of each part."""

def to_neutral(reply, api):
    parts = {
        "messages": lambda: reply["content"],
        "chat": lambda: reply["choices"][0]["message"].get("tool_calls"),
        "responses": lambda: reply["output"],
    }[api]()
    calls = []
    for part in parts or ():
        match part:
            case {"type": "tool_use", "id": i, "name": name, "input": arguments}:
                calls.append(ToolCall(i, name, arguments))
            case {"type": "function", "id": i, "function": {"name": name, "arguments": text}}:
                calls.append(ToolCall(i, name, json.loads(text) if text else {}))
            case {"type": "function_call", "call_id": i, "name": name, "arguments": text}:
                calls.append(ToolCall(i, name, json.loads(text) if text else {}))
    return calls
