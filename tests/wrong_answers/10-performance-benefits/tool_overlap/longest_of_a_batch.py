"""Adds up the longest call of each group that starts at the same time.

check: busy time counts each moment once
mistake: other-busy
"""


def tool_overlap(spans):
    calls = [s for s in spans if s["attributes"].get("gen_ai.operation.name") == "execute_tool"]
    events = sorted(e for c in calls for e in ((c["start_ns"], 1), (c["end_ns"], -1)))
    peak = count = 0
    for _, change in events:
        count += change
        peak = max(peak, count)
    work = sum(c["end_ns"] - c["start_ns"] for c in calls)
    longest = {}
    for call in calls:
        start, end = call["start_ns"], call["end_ns"]
        longest[start] = max(longest.get(start, 0), end - start)
    busy = sum(longest.values())
    return {"calls": len(calls), "work_s": work / 1e9, "busy_s": busy / 1e9, "peak": peak}
