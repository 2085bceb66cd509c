"""Forces a call where one call at most was meant.

check: turns the knob in its own place
mistake: other-knob
points: 5
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
    if parallel is None:
        return request
    if api == "messages":
        request["tool_choice"] = {"type": "any", "disable_parallel_tool_use": not parallel}
    else:
        request["parallel_tool_calls"] = parallel
    return request
