"""Answers the first call that has no result, and no other.

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
        if any(call not in known for call in waiting):
            new = {"type": "tool_result", "content": "outcome unknown", "is_error": True}
            first = next(call for call in waiting if call not in known)
            known[first] = new | {"tool_use_id": first}
            results = [known[call] for call in waiting if call in known]
            rest = [block for block in blocks if block["type"] != "tool_result"]
            message = {"role": "user", "content": results + rest}
        repaired.append(message)
        waiting = [block["id"] for block in blocks if block["type"] == "tool_use"]
    return repaired if repaired[-1]["content"] else repaired[:-1]
