"""Returns nothing at all when there is no call.

check: returns a list of calls
mistake: returns-nothing
"""

def extract_calls(message):
    calls = [{"id": block["id"], "name": block["name"], "arguments": block["input"]} for block in message["content"] if block["type"] == "tool_use"]
    if calls and message["stop_reason"] == "tool_use":
        return calls
