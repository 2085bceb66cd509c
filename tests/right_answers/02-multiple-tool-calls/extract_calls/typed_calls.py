"""Goes by way of ToolCall."""

def extract_calls(message):
    from dataclasses import asdict

    if message["stop_reason"] != "tool_use":
        return []
    uses = [block for block in message["content"] if block["type"] == "tool_use"]
    return [asdict(ToolCall(use["id"], use["name"], use["input"])) for use in uses]
