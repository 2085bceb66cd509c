"""Keeps ids, names and texts apart."""

def accumulate_deltas(chunks):
    from collections import defaultdict

    ids, names, texts, reasons = {}, {}, defaultdict(list), []
    choices = [choice for chunk in chunks for choice in chunk["choices"]]
    for choice in choices:
        if choice.get("finish_reason"):
            reasons.append(choice["finish_reason"])
        for part in choice["delta"].get("tool_calls") or ():
            index, function = part["index"], part["function"]
            if part.get("id"):
                if ids.setdefault(index, part["id"]) != part["id"]:
                    raise ValueError(f"index {index} is both {ids[index]} and {part['id']}")
            if function.get("name"):
                names.setdefault(index, function["name"])
            texts[index].append(function.get("arguments") or "")
    if reasons[-1:] != ["tool_calls"]:
        return []
    return [
        dict(id=ids[i], name=names[i], arguments=json.loads("".join(texts[i]) or "{}"))
        for i in sorted(texts)
    ]
