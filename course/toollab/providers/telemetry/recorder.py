"""A tracer provider that keeps spans in memory and reads the simulated clock.

The OpenTelemetry SDK has one, with an exporter for it.  Its clock and its ids are real, so that
no two runs of a notebook would show the same.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags

from toollab.calls import JSON
from toollab.providers.telemetry.otlp import document

__all__ = ("Recorder",)

_EPOCH_NS = 1_790_000_000_000_000_000  # when every recording begins: a moment in September 2026


@dataclass(slots=True)
class _Entry:
    """What is known of a span so far.  Times are nanoseconds on the recorder's clock."""

    name: str
    trace_id: int
    span_id: int
    parent_id: int | None
    kind: SpanKind
    start: int
    attributes: dict[str, Any]
    end: int | None = None
    status: StatusCode = StatusCode.UNSET
    events: list[str] = field(default_factory=list)


class _Span(trace.Span):
    """A span being recorded.  It is kept when it ends, as an exporter would get it."""

    def __init__(self, recorder: Recorder, entry: _Entry) -> None:
        self._recorder = recorder
        self._entry = entry

    def end(self, end_time: int | None = None) -> None:
        if self._entry.end is None:
            self._recorder.keep(self._entry, end_time)

    def get_span_context(self) -> SpanContext:
        sampled = TraceFlags(TraceFlags.SAMPLED)
        return SpanContext(self._entry.trace_id, self._entry.span_id, False, sampled)  # noqa: FBT003

    def set_attributes(self, attributes: Mapping[str, Any]) -> None:
        for name, value in attributes.items():
            self.set_attribute(name, value)

    def set_attribute(self, key: str, value: Any) -> None:
        if self.is_recording():
            self._entry.attributes[key] = value

    def add_event(
        self, name: str, attributes: Mapping[str, Any] | None = None, timestamp: int | None = None
    ) -> None:
        del attributes, timestamp
        self._entry.events.append(name)

    def update_name(self, name: str) -> None:
        self._entry.name = name

    def is_recording(self) -> bool:
        return self._entry.end is None

    def set_status(self, status: Status | StatusCode, description: str | None = None) -> None:
        del description
        if self.is_recording():
            self._entry.status = status.status_code if isinstance(status, Status) else status

    def record_exception(
        self,
        exception: BaseException,
        attributes: Mapping[str, Any] | None = None,
        timestamp: int | None = None,
        escaped: bool = False,  # noqa: FBT001, FBT002 - the API's own signature
    ) -> None:
        del attributes, timestamp, escaped
        self._entry.events.append(type(exception).__name__)


class _Tracer(trace.Tracer):
    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def start_span(
        self,
        name: str,
        context: Context | None = None,
        kind: SpanKind = SpanKind.INTERNAL,
        attributes: Any = None,
        links: Any = None,
        start_time: int | None = None,
        record_exception: bool = True,  # noqa: FBT001, FBT002
        set_status_on_exception: bool = True,  # noqa: FBT001, FBT002
    ) -> trace.Span:
        del links, record_exception, set_status_on_exception
        parent = trace.get_current_span(context).get_span_context()
        return self._recorder.open(name, parent, kind, dict(attributes or {}), start_time)

    @contextmanager
    def _current(self, name: str, *args: Any, **kwargs: Any) -> Iterator[trace.Span]:
        ends = kwargs.pop("end_on_exit", True)
        with trace.use_span(self.start_span(name, *args, **kwargs), end_on_exit=ends) as span:
            yield span

    def start_as_current_span(self, name: str, *args: Any, **kwargs: Any) -> Any:
        return self._current(name, *args, **kwargs)


class Recorder(trace.TracerProvider):
    """Collects spans; safe to use from several threads.

    Ids are counted, and the clock begins at a fixed moment with the first span: the same run on
    simulated time gives the same export, byte for byte.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._done: list[_Entry] = []
        self._count = 0
        self._origin: int | None = None

    def get_tracer(self, *args: Any, **kwargs: Any) -> trace.Tracer:
        """Return the tracer; instruments are not told apart."""
        del args, kwargs
        return _Tracer(self)

    def open(
        self,
        name: str,
        parent: SpanContext,
        kind: SpanKind,
        attributes: dict[str, Any],
        start: int | None = None,
    ) -> trace.Span:
        """Begin a span under `parent`, or a new trace if that is not valid."""
        now = self._now() if start is None else start
        with self._lock:
            self._count += 1
            number = self._count
        above = parent.span_id if parent.is_valid else None
        trace_id = parent.trace_id if parent.is_valid else number
        return _Span(self, _Entry(name, trace_id, number, above, kind, now, attributes))

    def keep(self, entry: _Entry, end: int | None = None) -> None:
        """Note that a span has ended."""
        entry.end = self._now() if end is None else end
        with self._lock:
            self._done.append(entry)

    def _now(self) -> int:
        now = time.monotonic_ns()
        with self._lock:
            if self._origin is None:
                self._origin = now
            return _EPOCH_NS + now - self._origin

    def watch(self, tools: Mapping[str, Callable[..., Any]]) -> dict[str, Callable[..., Any]]:
        """Return the same coroutine tools, each in a span named `execute_tool …` while it runs."""
        return {name: self._watched(name, tool) for name, tool in tools.items()}

    def _watched(self, name: str, tool: Callable[..., Any]) -> Callable[..., Any]:
        async def call(**arguments: JSON) -> Any:
            with self.span("execute_tool", name, kind="gen_ai.tool.name"):
                return await tool(**arguments)

        return call

    @contextmanager
    def span(self, operation: str, name: str, *, kind: str = "gen_ai.agent.name") -> Iterator[None]:
        """Put a block into a span of a GenAI operation, such as `invoke_agent`."""
        attributes = {"gen_ai.operation.name": operation, kind: name}
        with self.get_tracer().start_as_current_span(f"{operation} {name}", attributes=attributes):
            yield

    def export(self) -> str:
        """Return all spans that have ended, as a document in OpenTelemetry's JSON form.

        Like any exporter's, its order is that in which the spans ended: children come first.
        """
        with self._lock:
            done = list(self._done)
        return json.dumps(document(done), indent=1)
