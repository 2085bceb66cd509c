"""Repairs the list that it was given, and returns nothing.

check: returns messages
mistake: returns-nothing
points: 0
"""

def repair_history(messages):
    for place, message in enumerate(list(messages)):
        if message["role"] == "assistant" and isinstance(message["content"], list):
            asked = [b["id"] for b in message["content"] if b["type"] == "tool_use"]
            if asked and place == len(messages) - 1:
                messages.append(
                    {
                        "role": "user",
                        "content": [
                            {
                                "type": "tool_result",
                                "tool_use_id": call,
                                "content": "outcome unknown",
                                "is_error": True,
                            }
                            for call in asked
                        ],
                    }
                )
