"""Takes the time from the first start to the last end for the busy time.

check: busy time counts each moment once
mistake: counts-gaps
"""


def tool_overlap(spans):
    calls = [s for s in spans if s["attributes"].get("gen_ai.operation.name") == "execute_tool"]
    events = sorted(e for c in calls for e in ((c["start_ns"], 1), (c["end_ns"], -1)))
    peak = count = 0
    for _, change in events:
        count += change
        peak = max(peak, count)
    work = sum(c["end_ns"] - c["start_ns"] for c in calls)
    if not calls:
        return {"calls": 0, "work_s": 0, "busy_s": 0, "peak": 0}
    busy = max(c["end_ns"] for c in calls) - min(c["start_ns"] for c in calls)
    return {"calls": len(calls), "work_s": work / 1e9, "busy_s": busy / 1e9, "peak": peak}
