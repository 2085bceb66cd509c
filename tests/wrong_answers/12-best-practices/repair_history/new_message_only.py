"""Returns the new results alone.

check: returns messages
mistake: not-messages
"""

def repair_history(messages):
    last = messages[-1]["content"] if messages[-1]["role"] == "assistant" else []
    return [
        {
            "type": "tool_result",
            "tool_use_id": block["id"],
            "content": "outcome unknown",
            "is_error": True,
        }
        for block in last
        if isinstance(block, dict) and block["type"] == "tool_use"
    ]
