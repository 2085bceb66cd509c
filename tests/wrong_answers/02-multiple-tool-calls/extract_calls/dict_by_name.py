"""Collects calls in a dict keyed by the tool's name.

check: finds every call
mistake: keyed-by-name
"""

def extract_calls(message):
    if message["stop_reason"] != "tool_use":
        return []
    calls = {}
    for block in message["content"]:
        if block["type"] == "tool_use" and block["name"] not in calls:
            calls[block["name"]] = {"id": block["id"], "name": block["name"], "arguments": block["input"]}
    return list(calls.values())
