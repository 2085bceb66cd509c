"""The vendors' own clients, pointed at the mock; live when the session's switch says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx2

from toollab.providers.inprocess import MockTransport
from toollab.providers.live.budget import Budget
from toollab.providers.live.call import Desk
from toollab.providers.live.switch import Switch
from toollab.providers.live.transport import AsyncLiveTransport, LiveTransport
from toollab.providers.mock import MockProvider
from toollab.providers.models import Vendor, model_for
from toollab.providers.server import Server

if TYPE_CHECKING:  # importing an SDK takes a second: only those who use one pay
    from anthropic import Anthropic, AsyncAnthropic
    from openai import AsyncOpenAI, OpenAI

__all__ = (
    "Session",
    "anthropic_client",
    "async_anthropic_client",
    "async_openai_client",
    "openai_client",
)

Place = MockProvider | Server
"""A mock in this process, or one on loopback."""

NOT_A_KEY = "mock-key"
"""What clients of the mock carry; a real key is put in place only for a live request."""

_NOWHERE = "http://mock.invalid"


def anthropic_client(place: Place, **options: Any) -> Anthropic:
    """Return an `anthropic.Anthropic` that talks to the mock.  `options` go to its constructor."""
    from anthropic import Anthropic  # noqa: PLC0415  see above

    http = httpx2.Client(transport=_blocking(place))
    return Anthropic(**_common(place, "anthropic"), http_client=http, **options)


def async_anthropic_client(place: Place, **options: Any) -> AsyncAnthropic:
    """Return an `anthropic.AsyncAnthropic` that talks to the mock."""
    from anthropic import AsyncAnthropic  # noqa: PLC0415  see above

    http = httpx2.AsyncClient(transport=_on_a_loop(place))
    return AsyncAnthropic(**_common(place, "anthropic"), http_client=http, **options)


def openai_client(place: Place, **options: Any) -> OpenAI:
    """Return an `openai.OpenAI` that talks to the mock."""
    from openai import OpenAI  # noqa: PLC0415  see above

    http = httpx2.Client(transport=_blocking(place))
    return OpenAI(**_common(place, "openai"), http_client=http, **options)


def async_openai_client(place: Place, **options: Any) -> AsyncOpenAI:
    """Return an `openai.AsyncOpenAI` that talks to the mock."""
    from openai import AsyncOpenAI  # noqa: PLC0415  see above

    http = httpx2.AsyncClient(transport=_on_a_loop(place))
    return AsyncOpenAI(**_common(place, "openai"), http_client=http, **options)


@dataclass(slots=True)
class Session:
    """Clients that are one switch away from the real services.

    `place` is the mock, in process or on loopback; `say` shows announcements, one line each.
    With `tell_mock`, calls to the mock say what they would cost.
    """

    place: Place = field(default_factory=MockProvider)
    switch: Switch = field(default_factory=Switch)
    budget: Budget = field(default_factory=Budget)
    say: Callable[[str], object] = print
    tell_mock: bool = False

    @property
    def mock(self) -> MockProvider:
        """Return the mock, with its knobs and its log."""
        return self.place.mock if isinstance(self.place, Server) else self.place

    def model(self, vendor: Vendor) -> str:
        """Return the model id to use with a vendor."""
        return model_for(vendor)

    def anthropic(self, **options: Any) -> Anthropic:
        """Return an `anthropic.Anthropic`: live or mock, call by call."""
        from anthropic import Anthropic  # noqa: PLC0415  see above

        http = httpx2.Client(
            transport=LiveTransport(self._desk("anthropic"), _blocking(self.place))
        )
        return Anthropic(**_common(self.place, "anthropic"), http_client=http, **options)

    def async_anthropic(self, **options: Any) -> AsyncAnthropic:
        """Return an `anthropic.AsyncAnthropic`: live or mock, call by call."""
        from anthropic import AsyncAnthropic  # noqa: PLC0415  see above

        transport = AsyncLiveTransport(self._desk("anthropic"), _on_a_loop(self.place))
        http = httpx2.AsyncClient(transport=transport)
        return AsyncAnthropic(**_common(self.place, "anthropic"), http_client=http, **options)

    def openai(self, **options: Any) -> OpenAI:
        """Return an `openai.OpenAI`: live or mock, call by call."""
        from openai import OpenAI  # noqa: PLC0415  see above

        http = httpx2.Client(transport=LiveTransport(self._desk("openai"), _blocking(self.place)))
        return OpenAI(**_common(self.place, "openai"), http_client=http, **options)

    def async_openai(self, **options: Any) -> AsyncOpenAI:
        """Return an `openai.AsyncOpenAI`: live or mock, call by call."""
        from openai import AsyncOpenAI  # noqa: PLC0415  see above

        transport = AsyncLiveTransport(self._desk("openai"), _on_a_loop(self.place))
        http = httpx2.AsyncClient(transport=transport)
        return AsyncOpenAI(**_common(self.place, "openai"), http_client=http, **options)

    def _desk(self, vendor: Vendor) -> Desk:
        base_url = _common(self.place, vendor)["base_url"]
        return Desk(vendor, self.mock, base_url, self.switch, self.budget, self.say, self.tell_mock)


def _blocking(place: Place) -> httpx2.BaseTransport:
    """Return a way to the mock.  Proxy settings are no matter here: they are a client's."""
    return httpx2.HTTPTransport() if isinstance(place, Server) else MockTransport(place)


def _on_a_loop(place: Place) -> httpx2.AsyncBaseTransport:
    return httpx2.AsyncHTTPTransport() if isinstance(place, Server) else MockTransport(place)


def _common(place: Place, vendor: Vendor) -> dict[str, Any]:
    root = place.url if isinstance(place, Server) else _NOWHERE
    base_url = f"{root}/v1" if vendor == "openai" else root
    return {"api_key": NOT_A_KEY, "base_url": base_url}
