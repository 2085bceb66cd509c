"""Yields the calls, and makes a tuple of them."""

def extract_calls(message):
    def calls():
        for block in message["content"]:
            match block:
                case {"type": "tool_use", "id": call_id, "name": name, "input": arguments}:
                    yield {"id": call_id, "name": name, "arguments": arguments}

    return tuple(calls()) if message["stop_reason"] == "tool_use" else ()
