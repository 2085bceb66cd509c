"""Puts the results into the order of the calls, and drops keys that hold nothing."""

def answer_batch(api, response, results):
    by_id = {result["id"]: result for result in results}

    def told(call_id):
        result = by_id[call_id]
        return f"Error: {result['content']}" if result["is_error"] else result["content"]

    match api:
        case "messages":
            ids = [block["id"] for block in response["content"] if block["type"] == "tool_use"]
            content = [
                dict(
                    type="tool_result",
                    tool_use_id=i,
                    content=by_id[i]["content"],
                    is_error=by_id[i]["is_error"],
                )
                for i in ids
            ]
            return [
                dict(role="assistant", content=response["content"]),
                dict(role="user", content=content),
            ]
        case "chat":
            message = response["choices"][0]["message"]
            said = {key: value for key, value in message.items() if value is not None}
            ids = [call["id"] for call in message["tool_calls"]]
            return [said] + [dict(role="tool", tool_call_id=i, content=told(i)) for i in ids]
        case "responses":
            items = list(response["output"])
            ids = [item["call_id"] for item in items if item["type"] == "function_call"]
            return items + [
                dict(type="function_call_output", call_id=i, output=told(i)) for i in ids
            ]
