"""Skips what comes before the calls, and stops at the next text.

check: finds every call
mistake: stops-early
"""

def extract_calls(message):
    from itertools import dropwhile, takewhile

    if message["stop_reason"] != "tool_use":
        return []
    def other(block):
        return block["type"] != "tool_use"

    rest = dropwhile(other, message["content"])
    run = takewhile(lambda block: not other(block), rest)
    return [{"id": block["id"], "name": block["name"], "arguments": block["input"]} for block in run]
