"""Reads an empty text as JSON.

check: puts fragments together by index
mistake: wrong-place
"""

def accumulate_deltas(chunks):
    calls, finish = {}, None
    for chunk in chunks:
        for choice in chunk["choices"]:
            finish = choice.get("finish_reason") or finish
            for part in choice["delta"].get("tool_calls") or []:
                call = calls.setdefault(part["index"], {"id": "", "name": "", "arguments": ""})
                given = part.get("id") or call["id"]
                if call["id"] and given != call["id"]:
                    raise ValueError(f"{call['id']} and {given} share an index")
                call["id"] = given
                call["name"] = call["name"] or part["function"].get("name") or ""
                call["arguments"] += part["function"].get("arguments") or ""
    if finish != "tool_calls":
        return []
    return [
        {**calls[index], "arguments": json.loads(calls[index]["arguments"])}
        for index in sorted(calls)
    ]
