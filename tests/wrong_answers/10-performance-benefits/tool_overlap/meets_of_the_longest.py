"""Counts for each call how many it meets.

check: peak in flight
mistake: meets-one-after-another
"""


def tool_overlap(spans):
    parents = {span["span_id"]: span for span in spans}

    def is_call(span):
        return span["attributes"].get("gen_ai.operation.name") == "execute_tool"

    def inside(span):
        while (span := parents.get(span["parent_id"])) is not None:
            if is_call(span):
                return True
        return False

    calls = [s for s in spans if is_call(s) and not inside(s)]
    busy, reached = 0, 0
    for call in sorted(calls, key=lambda c: c["start_ns"]):
        busy += max(0, call["end_ns"] - max(call["start_ns"], reached))
        reached = max(reached, call["end_ns"])
    work = sum(c["end_ns"] - c["start_ns"] for c in calls)
    peak = max(
        (
            sum(c["end_ns"] > d["start_ns"] and c["start_ns"] < d["end_ns"] for c in calls)
            for d in calls
        ),
        default=0,
    )
    return {"calls": len(calls), "work_s": work / 1e9, "busy_s": busy / 1e9, "peak": peak}
