"""Takes a call for answered if its id has a result in any message; looks at the turn as a whole.

check: every call has a result right after its turn
mistake: call-unanswered
"""

def repair_history(messages):
    lists = [m["content"] for m in messages if isinstance(m["content"], list)]
    answered = {b["tool_use_id"] for blocks in lists for b in blocks if b["type"] == "tool_result"}
    asked = [b["id"] for blocks in lists for b in blocks if b["type"] == "tool_use"]
    new = [
        {"type": "tool_result", "tool_use_id": i, "content": "outcome unknown", "is_error": True}
        for i in asked
        if i not in answered
    ]
    if not new:
        return messages
    if messages[-1]["role"] == "user" and isinstance(messages[-1]["content"], list):
        last = {"role": "user", "content": new + messages[-1]["content"]}
        return [*messages[:-1], last]
    return [*messages, {"role": "user", "content": new}]
