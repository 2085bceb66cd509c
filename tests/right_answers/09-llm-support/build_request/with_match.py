"""Matches the API, and gives the Responses API its prompt as a text, with strict tools off."""

def build_request(prompt, tools, api, parallel):
    knob = {}
    match api:
        case "messages":
            request = {"messages": [{"role": "user", "content": prompt}]}
            forms = [
                {
                    "type": "custom",
                    "name": tool["name"],
                    "description": tool["description"],
                    "input_schema": tool["parameters"],
                }
                for tool in tools
            ]
            if parallel in (True, False):
                knob["tool_choice"] = {"disable_parallel_tool_use": not parallel, "type": "auto"}
        case "chat":
            request = {"messages": [{"role": "user", "content": prompt}]}
            forms = [{"type": "function", "function": {**tool, "strict": False}} for tool in tools]
        case _:
            request = {"input": prompt}
            forms = [{"type": "function", "strict": False, **tool} for tool in tools]
    if parallel in (True, False) and api != "messages":
        knob["parallel_tool_calls"] = parallel
    return {**request, "tools": forms, **knob} if tools else request
