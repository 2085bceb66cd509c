"""Collects fragments by id, and those without one under None.

check: puts fragments together by index
mistake: wrong-place
"""

def accumulate_deltas(chunks):
    calls, finish = {}, None
    for chunk in chunks:
        for choice in chunk["choices"]:
            finish = choice.get("finish_reason") or finish
            for part in choice["delta"].get("tool_calls") or []:
                call = calls.setdefault(part.get("id"), {"name": "", "arguments": ""})
                call["name"] = call["name"] or part["function"].get("name")
                call["arguments"] += part["function"]["arguments"]
    if finish != "tool_calls":
        return []
    found = []
    for call_id, call in calls.items():
        try:
            found.append({"id": call_id, **call, "arguments": json.loads(call["arguments"])})
        except ValueError:
            found.append({"id": call_id, **call, "arguments": {}})
    return found
