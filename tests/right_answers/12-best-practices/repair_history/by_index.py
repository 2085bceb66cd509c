"""Walks by index, copies the history first and changes the copy."""

def repair_history(messages):
    history = [dict(message) for message in messages]
    place = 0
    while place < len(history):
        said = history[place]["content"]
        asked = [] if isinstance(said, str) else [b["id"] for b in said if b["type"] == "tool_use"]
        place += 1
        if not asked:
            continue
        if place == len(history):
            history.append({"role": "user", "content": []})
        reply = history[place]["content"]
        if isinstance(reply, str):
            reply = [{"type": "text", "text": reply}]
        there = {}
        for block in reply:
            if block["type"] == "tool_result":
                there[block["tool_use_id"]] = block
        if len(there) == len(asked):
            continue
        for call in asked:
            if call not in there:
                there[call] = {
                    "type": "tool_result",
                    "tool_use_id": call,
                    "is_error": True,
                    "content": "The process stopped: outcome unknown. Look before you ask again.",
                }
        others = [block for block in reply if block["type"] != "tool_result"]
        history[place]["content"] = [there[call] for call in asked] + others
    return history
