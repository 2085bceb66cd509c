"""Climbs with recursion and merges intervals in a list."""


def tool_overlap(spans):
    by_id = {span["span_id"]: span for span in spans}

    def operation(span):
        return span["attributes"].get("gen_ai.operation.name")

    def under_a_call(span_id):
        if span_id is None or span_id not in by_id:
            return False
        span = by_id[span_id]
        return operation(span) == "execute_tool" or under_a_call(span["parent_id"])

    calls = sorted(
        (s["start_ns"], s["end_ns"])
        for s in spans
        if operation(s) == "execute_tool" and not under_a_call(s["parent_id"])
    )
    merged = []
    for start, end in calls:
        if merged and start <= merged[-1][1]:
            merged[-1][1] = max(end, merged[-1][1])
        else:
            merged.append([start, end])
    return {
        "calls": len(calls),
        "work_s": sum(end - start for start, end in calls) / 1e9,
        "busy_s": sum(end - start for start, end in merged) / 1e9,
        "peak": max((sum(a <= at < b for a, b in calls) for at, _ in calls), default=0),
    }
