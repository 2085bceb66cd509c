"""Merges intervals in a list."""


def tool_overlap(spans):
    calls = sorted(
        (s["start_ns"], s["end_ns"])
        for s in spans
        if s["attributes"].get("gen_ai.operation.name") == "execute_tool"
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
