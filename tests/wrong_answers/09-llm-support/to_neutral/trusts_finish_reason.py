"""Looks for calls on Chat Completions only if the reply ended with tool_calls.

check: finds every call by its own id
mistake: trusts-the-ending
"""

def to_neutral(reply, api):
    if api == "messages":
        uses = [block for block in reply["content"] if block["type"] == "tool_use"]
        return [ToolCall(use["id"], use["name"], use["input"]) for use in uses]
    if api == "chat":
        choice = reply["choices"][0]
        if choice["finish_reason"] != "tool_calls":
            return []
        found = [(call["id"], call["function"]) for call in choice["message"]["tool_calls"]]
    else:
        items = [item for item in reply["output"] if item["type"] == "function_call"]
        found = [(item["call_id"], item) for item in items]
    return [ToolCall(i, fn["name"], json.loads(fn["arguments"] or "{}")) for i, fn in found]
