"""Writes the arguments down as JSON text.

check: returns a list of calls
mistake: arguments-as-text
"""

def extract_calls(message):
    import json

    if message["stop_reason"] != "tool_use":
        return []
    return [
        {"id": block["id"], "name": block["name"], "arguments": json.dumps(block["input"])}
        for block in message["content"]
        if block["type"] == "tool_use"
    ]
