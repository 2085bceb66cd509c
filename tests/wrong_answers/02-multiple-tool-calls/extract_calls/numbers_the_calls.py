"""Gives each call a number of its own for an id.

check: finds every call
mistake: other-id
"""

def extract_calls(message):
    if message["stop_reason"] != "tool_use":
        return []
    uses = [block for block in message["content"] if block["type"] == "tool_use"]
    return [
        {"id": f"call_{number}", "name": use["name"], "arguments": use["input"]}
        for number, use in enumerate(uses)
    ]
