"""Asks for strict schemas, which nobody wanted.

check: describes tools in the API's own form
mistake: other-tools
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
        request["tools"] = [{"type": "function", "function": t | {"strict": True}} for t in tools]
    else:
        request["tools"] = [{"type": "function", **t} for t in tools]
    if parallel is None:
        return request
    if api == "messages":
        request["tool_choice"] = {"type": "auto", "disable_parallel_tool_use": not parallel}
    else:
        request["parallel_tool_calls"] = parallel
    return request
