"""Measures the span as the makespan of a run in which every call has a slot."""

from toollab import ToolCall


def makespan_bounds(seconds, edges, limit):
    calls = [ToolCall(call_id, "search", {}) for call_id in seconds]
    span = good_trace(calls, seconds, edges=edges).makespan
    floor = sum(seconds.values()) / limit
    return sorted((floor, span))[-1], floor + span - span / limit
