"""Builds everything, then drops what is None or empty."""

def build_request(prompt, tools, api, parallel):
    renamed = {"parameters": "input_schema"} if api == "messages" else {}
    described = [{renamed.get(key, key): tool[key] for key in tool} for tool in tools]
    if api == "chat":
        described = [{"function": tool} for tool in described]
    if api != "messages":
        described = [{**tool, "type": "function"} for tool in described]
    said = parallel is not None and bool(tools)
    ours = api == "messages"
    whole = {
        "messages": None if api == "responses" else [{"role": "user", "content": prompt}],
        "input": [{"role": "user", "content": prompt}] if api == "responses" else None,
        "tools": described or None,
        "tool_choice": {"type": "auto", "disable_parallel_tool_use": not parallel}
        if said and ours
        else None,
        "parallel_tool_calls": parallel if said and not ours else None,
    }
    return {key: value for key, value in whole.items() if value is not None}
