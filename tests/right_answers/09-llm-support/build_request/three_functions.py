"""Has a function for each API, and a dict of them."""

def build_request(prompt, tools, api, parallel):
    message = {"role": "user", "content": prompt}

    def messages():
        request = {"messages": [message]}
        if tools:
            request["tools"] = [
                dict(
                    name=tool["name"],
                    description=tool["description"],
                    input_schema=tool["parameters"],
                )
                for tool in tools
            ]
            if parallel is not None:
                choice = {"type": "auto", "disable_parallel_tool_use": parallel is False}
                request["tool_choice"] = choice
        return request

    def openai_like(key, describe):
        request = {key: [message]}
        if tools:
            request["tools"] = list(map(describe, tools))
            if parallel is not None:
                request["parallel_tool_calls"] = bool(parallel)
        return request

    return {
        "messages": messages,
        "chat": lambda: openai_like("messages", lambda t: {"type": "function", "function": t}),
        "responses": lambda: openai_like("input", lambda t: t | {"type": "function"}),
    }[api]()
