"""Looks at the finish reason first, then gathers each index."""

def accumulate_deltas(chunks):
    choices = [choice for chunk in chunks for choice in chunk["choices"]]
    parts = [part for c in choices for part in c["delta"].get("tool_calls") or []]
    for index in {part["index"] for part in parts}:
        ids = {part["id"] for part in parts if part["index"] == index and part.get("id")}
        if len(ids) > 1:
            raise ValueError(f"One index, several ids: {sorted(ids)}")
    if "tool_calls" not in [choice.get("finish_reason") for choice in choices]:
        return []
    calls = []
    for index in sorted({part["index"] for part in parts}):
        mine = [part for part in parts if part["index"] == index]
        text = "".join(part["function"].get("arguments") or "" for part in mine)
        calls.append(
            {
                "id": next(part["id"] for part in mine if part.get("id")),
                "name": next(p["function"]["name"] for p in mine if p["function"].get("name")),
                "arguments": json.loads(text) if text else {},
            }
        )
    return calls
