"""Sends is_error to Chat Completions.

check: OpenAI: one entry for each result
mistake: flag-at-openai
points: 3
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
        said = {"role": "assistant", "content": response["content"]}
        return [said, {"role": "user", "content": blocks}]
    if api == "chat":
        said = response["choices"][0]["message"]
        return [
            said,
            *({"role": "tool", "tool_call_id": r["id"], "content": text(r), "is_error": r["is_error"]} for r in results),
        ]
    outputs = [
        {"type": "function_call_output", "call_id": r["id"], "output": text(r)} for r in results
    ]
    return [*response["output"], *outputs]
