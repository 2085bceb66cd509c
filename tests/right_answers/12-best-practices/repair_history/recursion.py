"""Mends the first turn and its reply, then the rest of the history."""

def repair_history(messages):
    if not messages:
        return []
    first, *rest = messages
    calls = [b for b in first["content"] if isinstance(b, dict) and b["type"] == "tool_use"]
    if not calls:
        return [first, *repair_history(rest)]
    reply = rest[0] if rest else {"role": "user", "content": []}
    blocks = reply["content"]
    if isinstance(blocks, str):
        blocks = [{"type": "text", "text": blocks}]

    def answer(call):
        for block in blocks:
            if block.get("tool_use_id") == call["id"]:
                return block
        return {
            "type": "tool_result",
            "tool_use_id": call["id"],
            "content": f"{call['name']} was interrupted, outcome unknown",
            "is_error": True,
        }

    answers = [answer(call) for call in calls]
    if any(block not in blocks for block in answers):
        texts = [block for block in blocks if block["type"] != "tool_result"]
        reply = {**reply, "content": [*answers, *texts]}
    return [first, reply, *repair_history(rest[1:])]
