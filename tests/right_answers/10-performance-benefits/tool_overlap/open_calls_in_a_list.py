"""Keeps the ends of the calls in flight, and drops those that are over."""


def tool_overlap(spans):
    found = []
    for span in spans:
        match span["attributes"]:
            case {"gen_ai.operation.name": "execute_tool"}:
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
