"""Never looks at the stop reason.

check: runs nothing of a response cut short
mistake: runs-unfinished
points: 5
"""

def extract_calls(message):
    return [{"id": block["id"], "name": block["name"], "arguments": block["input"]} for block in message["content"] if block["type"] == "tool_use"]
