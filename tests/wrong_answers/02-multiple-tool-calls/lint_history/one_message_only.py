"""Takes each user message for a reply of its own.

check: finds calls without a result
mistake: demands-one-message
"""

def lint_history(messages):
    findings, used, waiting = [], set(), []
    for message in [*messages, {"role": "assistant", "content": []}]:
        content = message["content"]
        blocks = [{"type": "text"}] if isinstance(content, str) else content
        if message["role"] == "assistant":
            findings += [("missing", i) for i in waiting]
            waiting = [b["id"] for b in blocks if b["type"] == "tool_use"]
            findings += [("duplicate-call", i) for n, i in enumerate(waiting) if i in used | set(waiting[:n])]
            used |= set(waiting)
            continue
        answered, text = set(), False
        for block in blocks:
            if block["type"] == "text":
                text = True
            elif block["tool_use_id"] in answered:
                findings.append(("duplicate-result", block["tool_use_id"]))
            elif block["tool_use_id"] not in waiting:
                findings.append(("orphan", block["tool_use_id"]))
            elif text:
                findings.append(("text-first", block["tool_use_id"]))
            if block["type"] != "text":
                answered.add(block["tool_use_id"])
        findings += [("missing", i) for i in waiting if i not in answered]
        waiting = []
    return findings
