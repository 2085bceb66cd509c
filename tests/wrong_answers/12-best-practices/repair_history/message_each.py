"""Adds a user message for each call that has no result.

check: one message answers a turn, in call order, text last
mistake: message-each
"""

def repair_history(messages):
    repaired = []
    for place, message in enumerate(messages):
        repaired.append(message)
        if isinstance(message["content"], str):
            continue
        reply = messages[place + 1]["content"] if place + 1 < len(messages) else []
        known = {b.get("tool_use_id") for b in reply if isinstance(b, dict)}
        for block in message["content"]:
            if block["type"] == "tool_use" and block["id"] not in known:
                result = {
                    "type": "tool_result",
                    "tool_use_id": block["id"],
                    "content": "outcome unknown",
                    "is_error": True,
                }
                repaired.append({"role": "user", "content": [result]})
    return repaired
