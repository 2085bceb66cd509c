"""One call of a session, from its announcement to its bill.

The transports, blocking and not, only move bytes; what happens around a call stands here.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2

from toollab.providers.live import problems
from toollab.providers.live.budget import Budget, BudgetError
from toollab.providers.live.meter import Bound, UsageReader, bound, limited
from toollab.providers.live.switch import Switch
from toollab.providers.log import Api
from toollab.providers.mock import MockProvider
from toollab.providers.models import Vendor, price_of
from toollab.providers.wire.responses import input_items

__all__ = ("Call", "Desk")

_PATHS: Mapping[str, Api] = {
    "/messages": "messages",
    "/chat/completions": "chat",
    "/responses": "responses",
}
_FREE = ("/messages/count_tokens", "/responses/input_tokens")
_LIVE: Mapping[Vendor, tuple[str, str, str]] = {
    "anthropic": ("ANTHROPIC_BASE_URL", "https://api.anthropic.com", "ANTHROPIC_API_KEY"),
    "openai": ("OPENAI_BASE_URL", "https://api.openai.com/v1", "OPENAI_API_KEY"),
}


@dataclass(slots=True)
class Desk:
    """What the calls of one client share."""

    vendor: Vendor
    mock: MockProvider
    base_url: str
    switch: Switch
    budget: Budget
    say: Callable[[str], object]
    tell_mock: bool = False
    lengths: dict[str, int] = field(default_factory=dict)

    def open(self, request: httpx2.Request, body: bytes) -> Call:
        """Decide where a request goes, and announce it."""
        call = Call(self, request, body)
        if self.switch.live:
            call.try_live()
        if call.live is None and self.tell_mock and call.bound is not None:
            dollars = price_of(call.model).of(call.bound.input, call.bound.output)
            self.say(f"Mock · {call.model} · live, this call would cost at most ${dollars:.4f}")
        return call


class Call:
    """One request.  `live` is what to send to the real service, `None` for the mock."""

    def __init__(self, desk: Desk, request: httpx2.Request, body: bytes) -> None:
        self.desk = desk
        self.request = request
        self.live: httpx2.Request | None = None
        self.reader = UsageReader()
        self._reserved: int | None = None
        self._finished = False
        path = request.url.path.removeprefix(httpx2.URL(desk.base_url).path.rstrip("/"))
        self._path = path if desk.vendor == "openai" else path.removeprefix("/v1")
        self.api = _PATHS.get(self._path) if request.method == "POST" else None
        self.body = _object(body)
        self.model = str(self.body.get("model", ""))
        self.bound: Bound | None = None
        self._trouble = ""
        if request.method == "POST" and self.api is None and self._path not in _FREE:
            self._trouble = (
                f"The cap does not cover calls to {self._path}. "
                "Hint: use a client of your own for those."
            )
        if self.api is not None:
            self.body = limited(self.api, self.body)
            try:
                self.bound = bound(self.api, self.body, before=self._length_before())
            except BudgetError as error:
                self._trouble = str(error)

    def try_live(self) -> None:
        """Reserve the cost and prepare the live request; or fall back to the mock and say why."""
        _, _, key_name = _LIVE[self.desk.vendor]
        key = os.environ.get(key_name, "").strip()
        trouble = self._trouble if key else problems.no_key(self.desk.vendor)
        if trouble:
            self.fall_back(trouble)
            return
        try:
            if self.bound is not None:
                dollars = price_of(self.model).of(self.bound.input, self.bound.output)
                spent = self.desk.budget.spent
                self._reserved = self.desk.budget.reserve(self.model, dollars)
                self.desk.say(
                    f"Live · {self.model} · at most {self.bound.input:,} tokens in and "
                    f"{self.bound.output:,} out, ${dollars:.4f} · "
                    f"spent so far ${spent:.4f} of ${self.desk.budget.cap:.2f}"
                )
        except (BudgetError, ValueError) as error:
            self.fall_back(str(error))
            return
        self.live = self._live_request(key)

    def fall_back(self, reason: str, *, billed: bool = False) -> None:
        """Continue on the mock: this call, and those that follow."""
        if self._reserved is not None and not billed:
            self.desk.budget.settle(self._reserved, 0.0)
        self.live = None
        self.desk.switch.fall_back(reason)
        self.desk.say(f"Mock · {reason}")

    def failed(self, error: httpx2.HTTPError) -> None:
        """Fall back after the service could not be reached."""
        self.fall_back(problems.of_error(error), billed=isinstance(error, httpx2.ReadTimeout))

    def refused(self, status: int, body: bytes) -> bool:
        """Fall back if a refusal is not about the request itself; tell whether it did so."""
        reason = problems.of_response(self.desk.vendor, self.model, status, body)
        if reason is not None:
            self.fall_back(reason)
        elif self._reserved is not None:
            self.desk.budget.settle(self._reserved, 0.0)
        return reason is not None

    def finished(self) -> None:
        """Settle the bill, and say what was used; once, however the response ended."""
        silent = self.live is None and not self.desk.tell_mock
        if self.bound is None or self._finished or silent:
            return
        self._finished = True
        used = self.reader.usage
        if not self.reader.final:
            self.desk.say("The service did not say what was used; the most it could be counts.")
            return
        dollars = price_of(self.model).of(used.input, used.output)
        tokens = f"{used.input:,} tokens in and {used.output:,} out"
        if self.live is None:
            self.desk.say(f"Mock · counted {tokens}; live, that would be ${dollars:.4f}")
            return
        if self._reserved is not None:
            self.desk.budget.settle(self._reserved, dollars)
        self._remember(used.input + used.output)
        spent, cap = self.desk.budget.spent, self.desk.budget.cap
        self.desk.say(
            f"Live · used {tokens}, ${dollars:.4f} · spent so far ${spent:.4f} of ${cap:.2f}"
        )

    def _live_request(self, key: str) -> httpx2.Request:
        """Address the request to the real service.  Here, and only here, a key is used."""
        base_name, default, _ = _LIVE[self.desk.vendor]
        base = os.environ.get(base_name, "").rstrip("/") or default
        root = f"{base}/v1" if self.desk.vendor == "anthropic" else base
        own = {"host", "content-length", "authorization", "x-api-key", "accept-encoding"}
        headers = {n: v for n, v in self.request.headers.items() if n.lower() not in own}
        headers |= {"authorization": f"Bearer {key}", "accept-encoding": "identity"}
        content = json.dumps(self.body).encode() if self.body else None
        return httpx2.Request(
            self.request.method,
            f"{root}{self._path}",
            params=self.request.url.params,
            headers=headers,
            content=content,
            extensions=self.request.extensions,
        )

    def _length_before(self) -> int | None:
        previous = self.body.get("previous_response_id")
        return 0 if previous is None else self.desk.lengths.get(str(previous))

    def _remember(self, tokens: int) -> None:
        """Keep a stored conversation, so that the mock can continue it."""
        response = self.reader.response
        if self.api == "responses" and response.get("id"):
            store = self.desk.mock.store
            before = store.before(self.body.get("previous_response_id")) or []
            history = [*before, *input_items(self.body), *response.get("output", [])]
            store.remember(response["id"], history)
            self.desk.lengths[response["id"]] = tokens


def _object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
