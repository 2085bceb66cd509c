"""Returns the request as JSON text.

check: returns a dict of its own
mistake: not-a-dict
points: 0
"""

def build_request(prompt, tools, api, parallel):
    request = {"input" if api == "responses" else "messages": [{"role": "user", "content": prompt}]}
    if not tools:
        return json.dumps(request)
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
        return json.dumps(request)
    if api == "messages":
        request["tool_choice"] = {"type": "auto", "disable_parallel_tool_use": not parallel}
    else:
        request["parallel_tool_calls"] = parallel
    return json.dumps(request)
