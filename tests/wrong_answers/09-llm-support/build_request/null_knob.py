"""Sends the knob as null when nothing was said.

check: turns no knob unasked
mistake: null-knob
points: 6
"""

def build_request(prompt, tools, api, parallel):
    request = {"input" if api == "responses" else "messages": [{"role": "user", "content": prompt}]}
    if not tools:
        return request
    if api == "messages":
        request["tools"] = [
            {"name": t["name"], "description": t["description"], "input_schema": t["parameters"]}
            for t in tools
        ]
    elif api == "chat":
        request["tools"] = [{"type": "function", "function": t} for t in tools]
    else:
        request["tools"] = [{"type": "function", **t} for t in tools]
    if api == "messages":
        request["tool_choice"] = None if parallel is None else {"type": "auto", "disable_parallel_tool_use": not parallel}
    else:
        request["parallel_tool_calls"] = parallel
    return request
