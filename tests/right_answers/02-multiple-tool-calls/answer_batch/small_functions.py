"""Has one small function for each API."""

def answer_batch(api, response, results):
    def messages():
        yield {"role": "assistant", "content": response["content"]}
        yield {
            "role": "user",
            "content": [
                {"type": "tool_result", "tool_use_id": r["id"]}
                | {key: r[key] for key in ("content", "is_error")}
                for r in results
            ],
        }

    def chat():
        yield response["choices"][0]["message"]
        for r in results:
            yield {"role": "tool", "tool_call_id": r["id"], "content": prefix(r) + r["content"]}

    def responses():
        yield from response["output"]
        for r in results:
            text = prefix(r) + r["content"]
            yield {"type": "function_call_output", "call_id": r["id"], "output": text}

    def prefix(r):
        return "Error: " * r["is_error"]

    return list({"messages": messages, "chat": chat, "responses": responses}[api]())
