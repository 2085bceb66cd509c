"""Finds the faulty turns first, and mends them afterwards."""

def repair_history(messages):
    asked, answered = {}, {}
    for number, message in enumerate(messages):
        for block in message["content"] if isinstance(message["content"], list) else ():
            if block["type"] == "tool_use":
                asked.setdefault(number + 1, []).append(block["id"])
            if block["type"] == "tool_result":
                answered.setdefault(number, {})[block["tool_use_id"]] = block
    faulty = {n for n, ids in asked.items() if set(ids) != set(answered.get(n, {}))}
    repaired = []
    for number in range(max([len(messages), *(n + 1 for n in faulty)])):
        message = messages[number] if number < len(messages) else {"role": "user", "content": ""}
        if number in faulty:
            content = message["content"]
            if isinstance(content, str):
                content = [{"type": "text", "text": content}] if content else []
            new = dict(type="tool_result", content="outcome unknown", is_error=True)
            found = answered.get(number, {})
            results = [found.get(i, {**new, "tool_use_id": i}) for i in asked[number]]
            others = [b for b in content if b["type"] != "tool_result"]
            message = {"role": "user", "content": results + others}
        repaired.append(message)
    return repaired
