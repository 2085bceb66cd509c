"""Goes through the history from its end, so that inserting shifts nothing."""

def repair_history(messages):
    history = list(messages)
    for place in reversed(range(len(history))):
        content = history[place]["content"]
        if history[place]["role"] != "assistant" or isinstance(content, str):
            continue
        wanted = [block["id"] for block in content if block["type"] == "tool_use"]
        following = history[place + 1 : place + 2]
        reply = following[0]["content"] if following else []
        reply = [dict(type="text", text=reply)] if isinstance(reply, str) else list(reply)
        results = [block for block in reply if block["type"] == "tool_result"]
        lost = set(wanted) - {result["tool_use_id"] for result in results}
        if lost:
            results += [
                dict(type="tool_result", tool_use_id=i, content="outcome unknown", is_error=True)
                for i in lost
            ]
            results.sort(key=lambda result: wanted.index(result["tool_use_id"]))
            rest = [block for block in reply if block["type"] != "tool_result"]
            history[place + 1 : place + 2] = [dict(role="user", content=results + rest)]
    return history
