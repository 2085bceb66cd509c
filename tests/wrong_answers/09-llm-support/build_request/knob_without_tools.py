"""Leaves out the tools, but not the knob.

check: turns no knob unasked
mistake: knob-without-tools
points: 6
"""

def build_request(prompt, tools, api, parallel):
    request = {"input" if api == "responses" else "messages": [{"role": "user", "content": prompt}]}
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
        return prune(request)
    if api == "messages":
        request["tool_choice"] = {"type": "auto", "disable_parallel_tool_use": not parallel}
    else:
        request["parallel_tool_calls"] = parallel
    return prune(request)


def prune(request):
    return {key: value for key, value in request.items() if value != []}
