"""Compares the ids of the whole history, not turn by turn.

check: finds calls without a result
mistake: whole-history
"""

def lint_history(messages):
    blocks = [b for m in messages if isinstance(m["content"], list) for b in m["content"]]
    asked = [b["id"] for b in blocks if b["type"] == "tool_use"]
    answered = [b["tool_use_id"] for b in blocks if b["type"] == "tool_result"]
    return [("missing", i) for i in asked if i not in answered] + [
        ("orphan", i) for i in answered if i not in asked
    ]
