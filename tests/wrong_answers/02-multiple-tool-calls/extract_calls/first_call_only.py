"""Looks for the tool call, and returns the first.

check: finds every call
mistake: first-only
"""

def extract_calls(message):
    if message["stop_reason"] != "tool_use":
        return []
    call = next(block for block in message["content"] if block["type"] == "tool_use")
    return [{"id": call["id"], "name": call["name"], "arguments": call["input"]}]
