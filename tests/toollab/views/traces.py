"""Traces of every kind: drawn by hand for the golden files, at random for the properties."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

from hypothesis import strategies as st

from toollab.calls import ToolCall
from toollab.trace import Span, State, Trace, good_trace

CUSTOMER = tuple(
    ToolCall(f"toolu_0{i}", name, {"customer_id": 1234})
    for i, name in enumerate(("get_profile", "get_orders", "get_tickets"), 1)
)
TOOK = {"toolu_01": 0.4, "toolu_02": 0.5, "toolu_03": 0.6}
PARALLEL = good_trace(CUSTOMER, TOOK)
SERIAL = good_trace(CUSTOMER, TOOK, limit=1)

TRIP = (
    ToolCall("a", "find_flights", {"to": "Rome"}),
    ToolCall("b", "find_hotels", {"to": "Rome"}),
    ToolCall("c", "price_flight", {"flight": "<AZ 204>"}),
    ToolCall("d", "book_trip", {"budget": 1200.5}),
    ToolCall("e", "get_weather", {"city": "Rome"}),
)
_TRIP_TOOK = {"a": 0.3, "b": 0.2, "c": 0.4, "d": 0.3, "e": 0.25}
_NEEDS = (("a", "c"), ("c", "d"), ("b", "d"))
ORDERED = good_trace(TRIP, _TRIP_TOOK, edges=_NEEDS)
HASTY = replace(good_trace(TRIP, _TRIP_TOOK), edges=_NEEDS)

MANY = tuple(
    ToolCall(f"call_{i:02d}", "get_weather_forecast", {"city": f"City number {i}", "days": i})
    for i in range(30)
)
CROWD = good_trace(MANY, {call.id: 0.1 + 0.013 * (i % 7) for i, call in enumerate(MANY)}, limit=5)


def _span(call_id: str, name: str, state: State, start: float, end: float | None) -> Span:
    order = round(start * 1000)
    ended = None if end is None else round(end * 1000)
    return Span(call_id, name, {"city": "Zürich"}, start, order, end, ended, state)


EVERY_STATE = Trace(
    (
        _span("c1", "get_weather", "ok", 0.0, 0.4),
        _span("c2", "get_weather", "error", 0.001, 0.3),
        _span("c3", "search_the_whole_knowledge_base", "cancelled", 0.002, 0.5),
        _span("c5", "get_profile", "running", 0.2, None),
        _span("c6", "delete_account", "skipped", 0.3, 0.3),
        _span("c4", "send_email", "held", 0.4, None),
        replace(_span("c2", "get_weather", "ok", 0.5, 0.9), attempt=2),
        _span("c7", "tick", "ok", 0.6, 0.6),
    ),
    total=1.0,
)
LEFT_BEHIND = Trace(
    (*PARALLEL.spans[:2], replace(PARALLEL.spans[2], end=None, ended=None, state="running")),
    total=0.45,
)

_names = st.text(min_size=1, max_size=30)
_json = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=60), st.floats())
_moments = st.floats(0, 1e6, allow_nan=False)


@st.composite
def traces(draw: st.DrawFn, most: int = 12) -> Trace:
    """Draw a trace as odd as a learner's code can make it."""
    ids = draw(st.lists(_names, max_size=most, unique=True))
    spans: list[Span] = []
    for _ in range(draw(st.integers(0, most)) if ids else 0):
        start = draw(_moments)
        end = draw(st.none() | _moments.map(start.__add__))
        spans.append(
            Span(
                call_id=draw(st.sampled_from(ids)),
                name=draw(_names),
                arguments=draw(st.dictionaries(_names, _json, max_size=3)),
                start=start,
                started=0,
                end=end,
                state=draw(st.sampled_from(get_args(State))),
                attempt=draw(st.integers(1, 3)),
            )
        )
    spans.sort(key=lambda span: span.start)
    count = len(spans)
    spans = [
        replace(s, started=i, ended=None if s.end is None else count + i)
        for i, s in enumerate(spans)
    ]
    known = st.sampled_from([*ids, "nobody"])
    edges = draw(st.lists(st.tuples(known, known), max_size=6))
    return Trace(tuple(spans), draw(_moments), tuple(edges))
