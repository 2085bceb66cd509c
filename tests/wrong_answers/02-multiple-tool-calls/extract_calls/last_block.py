"""Takes the last block, because calls come last.

check: finds every call
mistake: last-only
"""

def extract_calls(message):
    if message["stop_reason"] != "tool_use":
        return []
    block = message["content"][-1]
    return [{"id": block["id"], "name": block["name"], "arguments": block["input"]}] if block["type"] == "tool_use" else []
