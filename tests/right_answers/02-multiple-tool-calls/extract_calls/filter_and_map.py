"""Filters the blocks and maps their keys."""

def extract_calls(message):
    keys = {"id": "id", "name": "name", "arguments": "input"}
    uses = filter(lambda block: block["type"] == "tool_use", message["content"])
    found = [{new: use[old] for new, old in keys.items()} for use in uses]
    return found if message.get("stop_reason") == "tool_use" else []
