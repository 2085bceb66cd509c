"""Looks at the last turn only, and leaves earlier ones as they are.

check: every call has a result right after its turn
mistake: call-unanswered
points: 5
"""

def repair_history(messages):
    asking = [i for i, m in enumerate(messages) if m["role"] == "assistant"][-1]
    content = messages[asking]["content"]
    waiting = [b["id"] for b in content if b["type"] == "tool_use"] if type(content) is list else []
    reply = messages[asking + 1]["content"] if asking + 1 < len(messages) else []
    reply = [{"type": "text", "text": reply}] if type(reply) is str else reply
    known = {b["tool_use_id"]: b for b in reply if b["type"] == "tool_result"}
    if set(waiting) <= set(known):
        return messages
    results = [
        known.get(i)
        or {"type": "tool_result", "tool_use_id": i, "content": "outcome unknown", "is_error": True}
        for i in waiting
    ]
    rest = [b for b in reply if b["type"] != "tool_result"]
    return [
        *messages[: asking + 1],
        {"role": "user", "content": results + rest},
        *messages[asking + 2 :],
    ]
