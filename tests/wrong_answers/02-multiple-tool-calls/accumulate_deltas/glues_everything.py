"""Joins id and name like the arguments.

check: takes id and name once
mistake: glued
"""

def accumulate_deltas(chunks):
    calls, finish = {}, None
    for chunk in chunks:
        for choice in chunk["choices"]:
            finish = choice.get("finish_reason") or finish
            for part in choice["delta"].get("tool_calls") or []:
                call = calls.setdefault(part["index"], {"id": "", "name": "", "arguments": ""})
                call["id"] += part.get("id") or ""
                call["name"] += part["function"].get("name") or ""
                call["arguments"] += part["function"].get("arguments") or ""
    if finish != "tool_calls":
        return []
    return [
        {**calls[index], "arguments": json.loads(calls[index]["arguments"] or "{}")}
        for index in sorted(calls)
    ]
