"""Calls every result of a reply with text in it text-first.

check: finds nothing in a good history
mistake: false-alarm
"""

def lint_history(messages):
    groups = []
    for message in messages:
        content = message["content"]
        blocks = [{"type": "text"}] if isinstance(content, str) else list(content)
        if groups and groups[-1][0] == message["role"]:
            groups[-1][1].extend(blocks)
        else:
            groups.append([message["role"], blocks])
    groups.append(["user", []])
    findings, used, waiting = [], set(), []
    for role, blocks in groups:
        if role == "assistant":
            waiting = [b["id"] for b in blocks if b["type"] == "tool_use"]
            for i in waiting:
                if i in used:
                    findings.append(("duplicate-call", i))
                used.add(i)
            continue
        answered, text = set(), any(b["type"] == "text" for b in blocks)
        for block in blocks:
            if block["type"] == "text":
                text = True
                continue
            i = block["tool_use_id"]
            if i not in waiting:
                findings.append(("orphan", i))
            elif i in answered:
                findings.append(("duplicate-result", i))
            elif text:
                findings.append(("text-first", i))
            answered.add(i)
        findings += [("missing", i) for i in waiting if i not in answered]
        waiting = []
    return findings
