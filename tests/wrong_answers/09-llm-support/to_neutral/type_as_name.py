"""Takes the type for the tool's name.

check: reads names and arguments
mistake: other-name
points: 4
"""

def to_neutral(reply, api):
    if api == "messages":
        return [ToolCall(b["id"], b["name"], b["input"]) for b in reply["content"] if b["type"] == "tool_use"]
    if api == "chat":
        calls = reply["choices"][0]["message"].get("tool_calls") or []
        found = [(call["id"], call["function"]) for call in calls]
    else:
        items = [i for i in reply["output"] if i["type"] == "function_call"]
        found = [(item["call_id"], item) for item in items]
    return [ToolCall(i, f.get("type", f["name"]), json.loads(f["arguments"] or "{}")) for i, f in found]
