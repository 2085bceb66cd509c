"""Answers every call of an interrupted turn, also those that have a result.

check: one message answers a turn, in call order, text last
mistake: answered-twice
"""

def repair_history(messages):
    repaired, waiting = [], []
    for message in [*messages, {"content": []}]:
        blocks = message["content"]
        if isinstance(blocks, str):
            blocks = [{"type": "text", "text": blocks}]
        known = {b["tool_use_id"]: b for b in blocks if b["type"] == "tool_result"}
        if any(call not in known for call in waiting):
            new = {"type": "tool_result", "content": "outcome unknown", "is_error": True}
            results = [new | {"tool_use_id": call} for call in waiting]
            message = {"role": "user", "content": results + blocks}
        repaired.append(message)
        waiting = [block["id"] for block in blocks if block["type"] == "tool_use"]
    return repaired if repaired[-1]["content"] else repaired[:-1]
