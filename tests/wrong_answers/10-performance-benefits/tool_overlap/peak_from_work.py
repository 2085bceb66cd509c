"""Divides work by busy time to get a peak.

check: peak in flight
mistake: other-peak
"""


def tool_overlap(spans):
    calls = [s for s in spans if s["attributes"].get("gen_ai.operation.name") == "execute_tool"]
    busy, reached = 0, 0
    for call in sorted(calls, key=lambda c: c["start_ns"]):
        busy += max(0, call["end_ns"] - max(call["start_ns"], reached))
        reached = max(reached, call["end_ns"])
    work = sum(c["end_ns"] - c["start_ns"] for c in calls)
    peak = round(work / busy) if busy else 0
    return {"calls": len(calls), "work_s": work / 1e9, "busy_s": busy / 1e9, "peak": peak}
