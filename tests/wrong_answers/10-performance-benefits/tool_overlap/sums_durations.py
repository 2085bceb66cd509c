"""Takes the sum of all durations for the busy time.

check: busy time counts each moment once
mistake: sums-durations
"""


def tool_overlap(spans):
    calls = [s for s in spans if s["attributes"].get("gen_ai.operation.name") == "execute_tool"]
    events = sorted(e for c in calls for e in ((c["start_ns"], 1), (c["end_ns"], -1)))
    peak = count = 0
    for _, change in events:
        count += change
        peak = max(peak, count)
    work = sum(c["end_ns"] - c["start_ns"] for c in calls)
    return {"calls": len(calls), "work_s": work / 1e9, "busy_s": work / 1e9, "peak": peak}
