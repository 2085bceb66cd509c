"""OpenTelemetry's JSON form of a trace (OTLP/JSON): written, and read back as plain dicts.

The form: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding.  Its 64-bit numbers are
texts, ids are hexadecimal, and attributes are lists of typed values.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from toollab.calls import JSON
from toollab.trace import Span, Trace

__all__ = ("as_trace", "document", "read_spans")

_NS = 1_000_000_000


class Ended(Protocol):
    """A span that has ended, as a recorder keeps it."""

    name: str
    trace_id: int
    span_id: int
    parent_id: int | None
    kind: Any
    start: int
    end: int | None
    status: Any
    attributes: dict[str, Any]


def document(spans: Sequence[Ended]) -> dict[str, JSON]:
    """Return the document that an exporter would send for these spans."""
    scope = {"scope": {"name": "toollab"}, "spans": [_span(span) for span in spans]}
    resource = {"attributes": _attributes({"service.name": "toollab"})}
    return {"resourceSpans": [{"resource": resource, "scopeSpans": [scope]}]}


def _span(span: Ended) -> dict[str, JSON]:
    above = {} if span.parent_id is None else {"parentSpanId": f"{span.parent_id:016x}"}
    return {
        "traceId": f"{span.trace_id:032x}",
        "spanId": f"{span.span_id:016x}",
        **above,
        "name": span.name,
        "kind": span.kind.value + 1,  # the wire counts from 1: 0 is no kind at all
        "startTimeUnixNano": str(span.start),
        "endTimeUnixNano": str(span.end),
        "attributes": _attributes(span.attributes),
        "status": {"code": span.status.value} if span.status.value else {},
    }


def _attributes(values: Mapping[str, Any]) -> list[JSON]:
    return [{"key": key, "value": _typed(value)} for key, value in values.items()]


def _typed(value: Any) -> dict[str, JSON]:
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}
    if isinstance(value, float):
        return {"doubleValue": value}
    if isinstance(value, str):
        return {"stringValue": value}
    return {"arrayValue": {"values": [_typed(item) for item in value]}}


def read_spans(exported: str) -> list[dict[str, JSON]]:
    """Return the spans of a document as flat dicts, in its order.

    Each has `name`, `span_id`, `parent_id` (or `None`), `start_ns` and `end_ns` (nanoseconds,
    whole numbers) and `attributes` (a plain dict).
    """
    return [
        {
            "name": span["name"],
            "span_id": span["spanId"],
            "parent_id": span.get("parentSpanId") or None,
            "start_ns": int(span["startTimeUnixNano"]),
            "end_ns": int(span["endTimeUnixNano"]),
            "attributes": {a["key"]: _plain(a["value"]) for a in span.get("attributes", ())},
        }
        for resource in json.loads(exported)["resourceSpans"]
        for scope in resource["scopeSpans"]
        for span in scope["spans"]
    ]


def _plain(value: Mapping[str, JSON]) -> JSON:
    (kind, inside), *_ = value.items()
    if kind == "intValue":
        return int(inside)
    if kind == "arrayValue":
        return [_plain(item) for item in inside.get("values", ())]
    return inside


def as_trace(spans: Sequence[Mapping[str, JSON]]) -> Trace:
    """Return spans as a `Trace`, for the pictures: seconds, counted from the first start.

    A lane is named after the span's GenAI operation, with its tool or model: `chat(…)`.
    """
    first = min((span["start_ns"] for span in spans), default=0)
    ranked = sorted(spans, key=lambda span: (span["start_ns"], -span["end_ns"]))
    events = sorted(
        [(span["start_ns"], 1, index) for index, span in enumerate(ranked)]
        + [(span["end_ns"], 0, index) for index, span in enumerate(ranked)]
    )
    order = {(kind, index): number for number, (_, kind, index) in enumerate(events)}
    found = tuple(
        Span(
            call_id=f"span {int(span['span_id'], 16)}",
            name=span["attributes"].get("gen_ai.operation.name", span["name"]),
            arguments=_about(span["attributes"]),
            start=(span["start_ns"] - first) / _NS,
            started=order[1, index],
            end=(span["end_ns"] - first) / _NS,
            ended=order[0, index],
            state="ok",
        )
        for index, span in enumerate(ranked)
    )
    return Trace(found, max((span.end or 0.0 for span in found), default=0.0))


def _about(attributes: Mapping[str, JSON]) -> dict[str, JSON]:
    """Return what an operation is about: a tool, a model or an agent, if anybody said so."""
    keys = ("gen_ai.tool.name", "gen_ai.request.model", "gen_ai.agent.name")
    return {key: attributes[key] for key in keys if key in attributes}
