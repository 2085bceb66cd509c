"""Looks up the names in a table, and leaves out a flag that says no."""

def answer_batch(api, response, results):
    names = {
        "messages": ({"type": "tool_result"}, "tool_use_id", "content"),
        "chat": ({"role": "tool"}, "tool_call_id", "content"),
        "responses": ({"type": "function_call_output"}, "call_id", "output"),
    }
    head, key, text = names[api]
    answers = []
    for result in results:
        answer = {**head, key: result["id"], text: result["content"]}
        if result["is_error"] and api == "messages":
            answer["is_error"] = True
        elif result["is_error"]:
            answer[text] = f"Error: {result['content']}"
        answers.append(answer)
    if api == "messages":
        words = {"role": "assistant", "content": response["content"]}
        return [words, {"role": "user", "content": answers}]
    said = response["output"] if api == "responses" else [response["choices"][0]["message"]]
    return said + answers
