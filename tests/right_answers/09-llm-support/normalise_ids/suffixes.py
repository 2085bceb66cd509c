"""Derives new ids from the place, with a suffix that grows until it is free."""

def good(call_id):
    letters = set(string.ascii_letters + string.digits + "_-")
    return 1 <= len(call_id) <= 64 and set(call_id) <= letters


def normalise_ids(calls, taken):
    used = set(taken)
    reserved = used | {call.id for call in calls}
    fixed = []
    for place, call in enumerate(calls):
        call_id = call.id
        if call_id in used or not good(call_id):
            call_id = f"place-{place}"
            while call_id in reserved:
                call_id += "_"
        used.add(call_id)
        reserved.add(call_id)
        fixed.append(ToolCall(call_id, call.name, call.arguments))
    return fixed
