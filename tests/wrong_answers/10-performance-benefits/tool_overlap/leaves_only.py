"""Counts spans without a child.

check: only tool calls count
mistake: counts-other-spans
points: 6
"""


def tool_overlap(spans):
    parents = {s["parent_id"] for s in spans}
    calls = [s for s in spans if s["span_id"] not in parents]
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
