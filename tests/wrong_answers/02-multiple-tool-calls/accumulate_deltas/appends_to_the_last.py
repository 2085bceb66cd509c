"""Adds a fragment without an id to the call that began last.

check: puts fragments together by index
mistake: wrong-place
"""

def accumulate_deltas(chunks):
    calls, finish = [], None
    for chunk in chunks:
        for choice in chunk["choices"]:
            finish = choice.get("finish_reason") or finish
            for part in choice["delta"].get("tool_calls") or []:
                if part.get("id") and part["id"] not in [call["id"] for call in calls]:
                    calls.append({"id": part["id"], "name": part["function"]["name"], "arguments": ""})
                calls[-1]["arguments"] += part["function"]["arguments"]
    if finish != "tool_calls":
        return []
    return [{**call, "arguments": json.loads(call["arguments"] or "{}")} for call in calls]
