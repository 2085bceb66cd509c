"""Puts the results of whole turns into the order of the calls as well.

check: what is whole stays as it is
mistake: changes-whole
points: 6
"""

def repair_history(messages):
    repaired, waiting = [], []
    for message in [*messages, {"content": []}]:
        blocks = message["content"]
        if isinstance(blocks, str):
            blocks = [{"type": "text", "text": blocks}]
        known = {b["tool_use_id"]: b for b in blocks if b["type"] == "tool_result"}
        if waiting:
            new = {"type": "tool_result", "content": "outcome unknown", "is_error": True}
            results = [known.get(call, new | {"tool_use_id": call}) for call in waiting]
            rest = [block for block in blocks if block["type"] != "tool_result"]
            message = {"role": "user", "content": results + rest}
        repaired.append(message)
        waiting = [block["id"] for block in blocks if block["type"] == "tool_use"]
    return repaired if repaired[-1]["content"] else repaired[:-1]
