"""Copes with a plain text of the model and of the first question, not with one that is a reply.

check: what was there is still there
mistake: stops-at-text
points: 6
"""

def repair_history(messages):
    repaired, waiting = [], []
    for message in [*messages, {"content": []}]:
        blocks = message["content"]
        known = {b["tool_use_id"]: b for b in blocks if b["type"] == "tool_result"} if waiting else {}
        if any(call not in known for call in waiting):
            new = {"type": "tool_result", "content": "outcome unknown", "is_error": True}
            results = [known.get(call, new | {"tool_use_id": call}) for call in waiting]
            rest = [block for block in blocks if block["type"] != "tool_result"]
            message = {"role": "user", "content": results + rest}
        repaired.append(message)
        asking = isinstance(blocks, list)
        waiting = [block["id"] for block in blocks if block["type"] == "tool_use"] if asking else []
    return repaired if repaired[-1]["content"] else repaired[:-1]
