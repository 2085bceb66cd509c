"""Sorts the calls by their ids.

check: keeps the order of emission
mistake: other-order
points: 5
"""

def extract_calls(message):
    if message["stop_reason"] != "tool_use":
        return []
    uses = [block for block in message["content"] if block["type"] == "tool_use"]
    return [{"id": use["id"], "name": use["name"], "arguments": use["input"]} for use in sorted(uses, key=lambda use: use["id"])]
