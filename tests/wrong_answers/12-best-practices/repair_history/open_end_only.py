"""Answers a turn that nobody has answered, and takes one with a single result for whole.

check: every call has a result right after its turn
mistake: call-unanswered
"""

def repair_history(messages):
    repaired, waiting = [], []
    for message in [*messages, {"content": []}]:
        blocks = message["content"]
        if isinstance(blocks, str):
            blocks = [{"type": "text", "text": blocks}]
        known = {b["tool_use_id"]: b for b in blocks if b["type"] == "tool_result"}
        if waiting and not known:
            new = {"type": "tool_result", "content": "outcome unknown", "is_error": True}
            results = [known.get(call, new | {"tool_use_id": call}) for call in waiting]
            rest = [block for block in blocks if block["type"] != "tool_result"]
            message = {"role": "user", "content": results + rest}
        repaired.append(message)
        waiting = [block["id"] for block in blocks if block["type"] == "tool_use"]
    return repaired if repaired[-1]["content"] else repaired[:-1]
