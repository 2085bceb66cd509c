"""Goes through the blocks with a loop."""

def extract_calls(message):
    calls = []
    for block in message["content"]:
        if message["stop_reason"] == "tool_use" and block["type"] == "tool_use":
            calls.append(dict(id=block["id"], name=block["name"], arguments=dict(block["input"])))
    return calls
