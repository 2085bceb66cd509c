"""A generator over pairs of neighbours; a reply that was used is skipped."""

def repair_history(messages):
    def blocks_of(message):
        content = message["content"] if message else []
        return [{"type": "text", "text": content}] if isinstance(content, str) else content

    def unknown(call):
        text = [{"type": "text", "text": "Interrupted, outcome unknown"}]
        return {"type": "tool_result", "tool_use_id": call, "content": text, "is_error": True}

    def mended():
        rest = iter([*messages, None])
        message = next(rest)
        while message:
            yield message
            asked = [b["id"] for b in blocks_of(message) if b["type"] == "tool_use"]
            message = next(rest)
            reply = blocks_of(message)
            there = {b["tool_use_id"]: b for b in reply if b["type"] == "tool_result"}
            if set(asked) - set(there):
                others = [b for b in reply if b["type"] != "tool_result"]
                content = [there.get(call) or unknown(call) for call in asked] + others
                yield {"role": "user", "content": content}
                message = next(rest) if message else None

    return list(mended())
