"""Has a generator for each API, and returns a tuple."""

def _of_messages(reply):
    for block in reply.get("content", []):
        if block.get("type") == "tool_use":
            yield ToolCall(id=block["id"], name=block["name"], arguments=dict(block["input"]))


def _of_chat(reply):
    for choice in reply["choices"]:
        for call in choice["message"].get("tool_calls") or ():
            function = call["function"]
            yield ToolCall(call["id"], function["name"], json.loads(function["arguments"] or "{}"))


def _of_responses(reply):
    for item in reply["output"]:
        if item.get("type") == "function_call":
            arguments = json.loads(item["arguments"] or "{}")
            yield ToolCall(item["call_id"], item["name"], arguments)


def to_neutral(reply, api):
    readers = {"messages": _of_messages, "chat": _of_chat, "responses": _of_responses}
    return tuple(readers[api](reply))
