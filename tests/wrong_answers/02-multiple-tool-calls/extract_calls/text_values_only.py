"""Turns every argument into text, so that numbers and objects are lost.

check: copies name and arguments
mistake: other-arguments
points: 5
"""

def extract_calls(message):
    if message["stop_reason"] != "tool_use":
        return []
    return [
        {
            "id": block["id"],
            "name": block["name"],
            "arguments": {key: str(value) for key, value in block["input"].items()},
        }
        for block in message["content"]
        if block["type"] == "tool_use"
    ]
