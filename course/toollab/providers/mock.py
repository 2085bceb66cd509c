"""The mock itself: a request in, an answer out, no sockets, no threads, no loop.

`MockProvider.handle` is called by the in-process transports and by the ASGI application alike,
so all three ways of running behave the same.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from threading import RLock
from typing import Any

from toollab.providers import troubles
from toollab.providers.answering import Outcome, Question, answer_model, count_tokens
from toollab.providers.apis import anthropic_error, openai_error
from toollab.providers.headers import rate_limit_headers, request_id
from toollab.providers.knobs import Failure, Knobs
from toollab.providers.limits import Window
from toollab.providers.log import Api, Exchange, RequestLog
from toollab.providers.lookups import look_up
from toollab.providers.reading import parse
from toollab.providers.rules.fault import Fault
from toollab.providers.script import Model, ScriptedModel
from toollab.providers.store import ResponseStore

__all__ = ("Answer", "MockProvider")

_COUNT = "/v1/messages/count_tokens"
_APIS: dict[str, Api] = {
    "/v1/messages": "messages",
    "/v1/chat/completions": "chat",
    "/v1/responses": "responses",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer: a whole body, or frames with `pause` seconds between them.

    `latency` is the time in seconds before the first byte.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    frames: Iterator[bytes] | None = None
    latency: float = 0.0
    pause: float = 0.0


@dataclass(slots=True)
class MockProvider:
    """A deterministic stand-in for both vendors.

    `model` continues conversations, `knobs` make it and the wire misbehave, `log` records what
    happened, `now` is the clock (seconds) of the rate limit.  Safe to use from many threads.
    """

    model: Model = field(default_factory=ScriptedModel)
    knobs: Knobs = field(default_factory=Knobs)
    log: RequestLog = field(default_factory=RequestLog)
    now: Callable[[], float] = time.monotonic
    store: ResponseStore = field(default_factory=ResponseStore, repr=False)
    _window: Window = field(init=False, repr=False)
    _planned: list[Failure | None] = field(default_factory=list, repr=False)
    _count: int = field(default=0, repr=False)
    _lock: Any = field(default_factory=RLock, repr=False)

    def __post_init__(self) -> None:
        self.turn(self.knobs)

    def turn(self, knobs: Knobs) -> None:
        """Set all knobs, and begin their list of failures from its start."""
        with self._lock:
            self.knobs = knobs
            self._planned = list(knobs.failures)
            self._window = Window(self.now)

    def handle(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Answer one HTTP request.  `headers` have lower-case names."""
        path = path.rstrip("/") or "/"
        with self._lock:
            self._count += 1
            about = _About.of(method, path, anthropic="anthropic-version" in headers)
            fault = troubles.key_fault(headers, self.knobs, anthropic=about.anthropic)
            if fault is not None:
                return self._finish(about, {}, Outcome.refused(fault))
            if method != "POST" or path not in {*_APIS, _COUNT}:
                found = look_up(method, path, self.knobs, self.store, anthropic=about.anthropic)
                return self._finish(about, {}, found)
            parsed = parse(body, anthropic=about.anthropic)
            if isinstance(parsed, Fault):
                return self._finish(about, {}, Outcome.refused(parsed))
            if about.api is None:
                return self._finish(about, parsed, count_tokens(parsed))
            return self._generate(about, about.api, parsed)

    def _generate(self, about: _About, api: Api, parsed: dict[str, Any]) -> Answer:
        planned = self._planned.pop(0) if self._planned else None
        fault, wait = self._trouble(about, planned, parsed)
        if fault is not None:
            return self._finish(about, parsed, Outcome.refused(fault), retry_after=wait)
        question = Question(api, parsed, self.knobs, self.model, self.store)
        outcome = answer_model(question, break_after=planned.after_frames if planned else None)
        return self._finish(about, parsed, outcome)

    def _trouble(
        self, about: _About, planned: Failure | None, body: Mapping[str, Any]
    ) -> tuple[Fault | None, float | None]:
        """Return what stops a request before its content is looked at, and the seconds to wait."""
        if planned and (planned.status != 200 or not body.get("stream")):
            return troubles.failure(planned, anthropic=about.anthropic), planned.retry_after
        limit = self.knobs.requests_per_minute
        if limit is not None and (wait := self._window.admit(limit)):
            return troubles.too_many(anthropic=about.anthropic), wait
        model = body.get("model")
        if isinstance(model, str) and model in self.knobs.retired:
            return troubles.retired(model, anthropic=about.anthropic), None
        return None, None

    def _finish(
        self,
        about: _About,
        body: Mapping[str, Any],
        outcome: Outcome,
        *,
        retry_after: float | None = None,
    ) -> Answer:
        """Log the exchange and dress the outcome as HTTP."""
        self.log.exchanges.append(
            Exchange(
                self._count,
                about.api,
                about.method,
                about.path,
                body,
                outcome.status,
                outcome.faults,
                outcome.conversation,
                outcome.reply,
                streamed=outcome.frames is not None,
            )
        )
        name = request_id(self.knobs.seed, self._count)
        headers = rate_limit_headers(self.knobs, self._window, anthropic=about.anthropic)
        headers["request-id" if about.anthropic else "x-request-id"] = name
        if retry_after is not None:
            headers["retry-after"] = f"{retry_after:g}"
        latency, pause = self.knobs.latency, self.knobs.frame_delay
        if outcome.frames is not None:
            headers |= {"content-type": "text/event-stream", "cache-control": "no-cache"}
            frames = (frame.encode() for frame in outcome.frames)
            return Answer(200, headers, frames=frames, latency=latency, pause=pause)
        if outcome.data is None:
            error = anthropic_error if about.anthropic else openai_error
            data = error(outcome.faults[0], name)
            return Answer(outcome.status, headers | _JSON, json.dumps(data).encode())
        return Answer(
            outcome.status, headers | _JSON, json.dumps(outcome.data).encode(), latency=latency
        )


_JSON = {"content-type": "application/json"}


@dataclass(frozen=True, slots=True)
class _About:
    """Where a request went, and whose language it speaks."""

    method: str
    path: str
    api: Api | None
    anthropic: bool

    @classmethod
    def of(cls, method: str, path: str, *, anthropic: bool) -> _About:
        """Tell the vendor by the path, and where both serve one, by a header of Anthropic's."""
        api = _APIS.get(path) if method == "POST" else None
        theirs = path.startswith("/v1/messages") or (path.startswith("/v1/models") and anthropic)
        return cls(method, path, api, theirs)
