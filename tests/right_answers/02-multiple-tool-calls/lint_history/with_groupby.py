"""Groups neighbours with itertools and compares counters."""

def lint_history(messages):
    from collections import Counter
    from itertools import groupby

    def blocks_of(group):
        for message in group:
            if isinstance(message["content"], str):
                yield {"type": "text", "text": message["content"]}
            else:
                yield from message["content"]

    found, seen, ids = set(), Counter(), []
    for role, group in groupby(messages, key=lambda message: message["role"]):
        blocks = list(blocks_of(group))
        if role == "assistant":
            ids = [block["id"] for block in blocks if block["type"] == "tool_use"]
            seen.update(ids)
            found |= {("duplicate-call", i) for i in ids if seen[i] > 1}
            continue
        kinds = [block["type"] == "tool_result" for block in blocks]
        places = {}
        for place, block in enumerate(blocks):
            if kinds[place]:
                places.setdefault(block["tool_use_id"], []).append(place)
        for i, where in places.items():
            if i not in ids:
                found.add(("orphan", i))
                continue
            if len(where) > 1:
                found.add(("duplicate-result", i))
            if not all(kinds[: where[0]]):
                found.add(("text-first", i))
        found |= {("missing", i) for i in ids if i not in places}
        ids = []
    return sorted(found | {("missing", i) for i in ids})
