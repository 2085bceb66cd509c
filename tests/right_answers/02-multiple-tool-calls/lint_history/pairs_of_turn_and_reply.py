"""Splits the history into turns with their replies first."""

def lint_history(messages):
    exchanges = [([], [])]
    for message in messages:
        content = message["content"]
        blocks = [{"type": "text"}] if isinstance(content, str) else content
        if message["role"] == "assistant":
            exchanges.append((list(blocks), []))
        else:
            exchanges[-1][1].extend(blocks)
    wrong, everything = [], []
    for turn, reply in exchanges:
        calls = [block["id"] for block in turn if block["type"] == "tool_use"]
        for call_id in calls:
            wrong += [("duplicate-call", call_id)] * (call_id in everything)
            everything.append(call_id)
        results = [block.get("tool_use_id") for block in reply]
        for place, call_id in enumerate(results):
            if call_id is None:
                continue
            if call_id not in calls:
                wrong.append(("orphan", call_id))
            elif call_id in results[:place]:
                wrong.append(("duplicate-result", call_id))
            elif None in results[:place]:
                wrong.append(("text-first", call_id))
        wrong += [("missing", call_id) for call_id in calls if call_id not in results]
    return wrong
