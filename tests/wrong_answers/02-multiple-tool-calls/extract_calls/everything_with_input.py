"""Takes every block that has an input, the vendor's own tools too.

check: finds every call
mistake: takes-other-blocks
"""

def extract_calls(message):
    if message["stop_reason"] != "tool_use":
        return []
    return [{"id": block["id"], "name": block["name"], "arguments": block["input"]} for block in message["content"] if "input" in block]
