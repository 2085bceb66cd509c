"""Holds calls back at max_tokens, and at no other stop reason.

check: runs nothing of a response cut short
mistake: runs-unfinished
points: 5
"""

def extract_calls(message):
    if message["stop_reason"] == "max_tokens":
        return []
    return [{"id": block["id"], "name": block["name"], "arguments": block["input"]} for block in message["content"] if block["type"] == "tool_use"]
