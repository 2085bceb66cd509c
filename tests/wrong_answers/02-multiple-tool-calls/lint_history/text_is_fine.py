"""Never looks at texts.

check: finds results after a text
mistake: missed-text
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
        answered, text = set(), False
        for block in blocks:
            if block["type"] == "text":
                text = True
                continue
            i = block["tool_use_id"]
            if i not in waiting:
                findings.append(("orphan", i))
            elif i in answered:
                findings.append(("duplicate-result", i))
            answered.add(i)
        findings += [("missing", i) for i in waiting if i not in answered]
        waiting = []
    return findings
