"""Repeats only the calls, and drops thoughts and text.

check: repeats what the model said
mistake: other-echo
"""

def answer_batch(api, response, results):
    def text(result):
        return ("Error: " if result["is_error"] else "") + result["content"]

    if api == "messages":
        blocks = [
            {
                "type": "tool_result",
                "tool_use_id": result["id"],
                "content": result["content"],
                "is_error": result["is_error"],
            }
            for result in results
        ]
        said = {"role": "assistant", "content": [b for b in response["content"] if b["type"] == "tool_use"]}
        return [said, {"role": "user", "content": blocks}]
    if api == "chat":
        said = response["choices"][0]["message"]
        return [
            said,
            *({"role": "tool", "tool_call_id": r["id"], "content": text(r)} for r in results),
        ]
    outputs = [
        {"type": "function_call_output", "call_id": r["id"], "output": text(r)} for r in results
    ]
    return [*response["output"], *outputs]
