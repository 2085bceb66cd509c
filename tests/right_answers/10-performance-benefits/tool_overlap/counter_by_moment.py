"""Counts changes at each moment in a dict."""


def tool_overlap(spans):
    changes, work, number = {}, 0, 0
    for span in spans:
        if span["attributes"].get("gen_ai.operation.name") != "execute_tool":
            continue
        number += 1
        work += span["end_ns"] - span["start_ns"]
        changes[span["start_ns"]] = changes.get(span["start_ns"], 0) + 1
        changes[span["end_ns"]] = changes.get(span["end_ns"], 0) - 1
    moments = sorted(changes)
    busy = peak = count = 0
    for moment, following in zip(moments, moments[1:]):
        count += changes[moment]
        peak = max(peak, count)
        if count:
            busy += following - moment
    return {"calls": number, "work_s": work / 1e9, "busy_s": busy / 1e9, "peak": peak}
