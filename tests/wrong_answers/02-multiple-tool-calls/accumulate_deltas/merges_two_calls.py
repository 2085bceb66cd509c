"""Keeps the first id of an index and joins what follows.

check: refuses two calls under one index
mistake: merges-calls
points: 6
"""

def accumulate_deltas(chunks):
    calls, finish = {}, None
    for chunk in chunks:
        for choice in chunk["choices"]:
            finish = choice.get("finish_reason") or finish
            for part in choice["delta"].get("tool_calls") or []:
                call = calls.setdefault(part["index"], {"id": "", "name": "", "arguments": ""})
                call["id"] = call["id"] or part.get("id")
                call["name"] = call["name"] or part["function"].get("name") or ""
                call["arguments"] += part["function"].get("arguments") or ""
    if finish != "tool_calls":
        return []
    return [
        {**calls[index], "arguments": json.loads(calls[index]["arguments"] or "{}")}
        for index in sorted(calls)
    ]
