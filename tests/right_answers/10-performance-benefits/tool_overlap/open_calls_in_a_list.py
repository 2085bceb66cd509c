"""Keeps the ends of the calls in flight, and drops those that are over."""


def tool_overlap(spans):
    tools = {
        s["span_id"]
        for s in spans
        if s["attributes"].get("gen_ai.operation.name") == "execute_tool"
    }
    parent = {s["span_id"]: s["parent_id"] for s in spans}
    found = []
    for span in spans:
        above = span["parent_id"]
        while above is not None and above not in tools:
            above = parent.get(above)
        if span["span_id"] in tools and above is None:
            found.append((span["start_ns"], span["end_ns"]))
    work = busy = peak = 0
    reached = 0
    in_flight = []
    for start, end in sorted(found):
        work += end - start
        busy += max(0, end - max(start, reached))
        reached = max(reached, end)
        in_flight = [other for other in in_flight if other > start]
        if end > start:
            in_flight.append(end)
        peak = max(peak, len(in_flight))
    return {"calls": len(found), "work_s": work / 1e9, "busy_s": busy / 1e9, "peak": peak}
