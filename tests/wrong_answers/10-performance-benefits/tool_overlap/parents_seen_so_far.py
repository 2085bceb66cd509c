"""Looks for outer calls among the spans that came before.

check: calls inside a call are its own work
mistake: counts-inner-calls
"""


def tool_overlap(spans):
    seen, calls = {}, []
    for span in spans:
        seen[span["span_id"]] = span
        if span["attributes"].get("gen_ai.operation.name") != "execute_tool":
            continue
        above = seen.get(span["parent_id"])
        while above and above["attributes"].get("gen_ai.operation.name") != "execute_tool":
            above = seen.get(above["parent_id"])
        if not above:
            calls.append(span)
    events = sorted(e for c in calls for e in ((c["start_ns"], 1), (c["end_ns"], -1)))
    peak = count = 0
    for _, change in events:
        count += change
        peak = max(peak, count)
    busy, reached = 0, 0
    for call in sorted(calls, key=lambda c: c["start_ns"]):
        busy += max(0, call["end_ns"] - max(call["start_ns"], reached))
        reached = max(reached, call["end_ns"])
    work = sum(c["end_ns"] - c["start_ns"] for c in calls)
    return {"calls": len(calls), "work_s": work / 1e9, "busy_s": busy / 1e9, "peak": peak}
