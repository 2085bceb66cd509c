"""Replaces in the JSON text, as the notebook's naive function does, quotation marks and all.

check: inside a longer text it becomes text
mistake: raises
"""

def resolve_refs(arguments, results):
    text = json.dumps(arguments)
    for call_id, result in results.items():
        if isinstance(result, dict):
            for key, value in result.items():
                text = text.replace(f"${{{call_id}.{key}}}", str(value))
        text = text.replace(f"${{{call_id}}}", str(result))
    return json.loads(text)
