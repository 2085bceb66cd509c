"""Cuts an interrupted turn off, with all that was known about it.

check: every call has a result right after its turn
mistake: turn-deleted
"""

def repair_history(messages):
    repaired, waiting = [], []
    for message in [*messages, {"content": []}]:
        blocks = message["content"]
        if isinstance(blocks, str):
            blocks = [{"type": "text", "text": blocks}]
        known = {b["tool_use_id"]: b for b in blocks if b["type"] == "tool_result"}
        if any(call not in known for call in waiting):
            rest = [block for block in blocks if block["type"] != "tool_result"]
            repaired.pop()
            message = {"role": "user", "content": rest}
        if message["content"]:
            repaired.append(message)
        waiting = [block["id"] for block in blocks if block["type"] == "tool_use"]
    return repaired
