"""Counts on lists of blocks, and leaves a text before the results: two faults, two checks.

check: one message answers a turn, in call order, text last
mistake: text-first
points: 5
"""

def repair_history(messages):
    repaired, waiting = [], []
    for message in [*messages, {"content": []}]:
        blocks = message["content"]
        known = {b["tool_use_id"]: b for b in blocks if b["type"] == "tool_result"}
        if any(call not in known for call in waiting):
            new = {"type": "tool_result", "content": "outcome unknown", "is_error": True}
            results = [known.get(call, new | {"tool_use_id": call}) for call in waiting]
            rest = [block for block in blocks if block["type"] != "tool_result"]
            message = {"role": "user", "content": rest + results}
        repaired.append(message)
        waiting = [block["id"] for block in blocks if block["type"] == "tool_use"]
    return repaired if repaired[-1]["content"] else repaired[:-1]
