"""Takes the calls without a result out of their turn.

check: every call has a result right after its turn
mistake: turn-deleted
"""

def repair_history(messages):
    answered = {
        block["tool_use_id"]
        for message in messages
        if isinstance(message["content"], list)
        for block in message["content"]
        if block["type"] == "tool_result"
    }

    def kept(message):
        if isinstance(message["content"], str):
            return message
        blocks = [b for b in message["content"] if b["type"] != "tool_use" or b["id"] in answered]
        return {**message, "content": blocks}

    return [kept(message) for message in messages]
