"""The weather desk: weather for two cities, the user's profile, and a mailbox to send to."""

from __future__ import annotations

from typing import Any

from toollab.calls import ToolCall, ToolSpec
from toollab.tools._schema import arguments
from toollab.tools._world import Tool, ToolError, World

__all__ = ("SENDER", "compare_cities", "weather_desk")

SENDER = "weather-bot@example.com"
_WEATHER = {
    "Beijing": "cloudy, 5 degrees",
    "LA": "sunny, 20 degrees",
    "Oslo": "snow, -3 degrees",
    "Lagos": "thunderstorms, 29 degrees",
    "Lima": "drizzle, 17 degrees",
    "Cairo": "clear, 24 degrees",
}
_SECONDS = {"Beijing": 0.7, "LA": 0.4, "Oslo": 0.5, "Lagos": 0.6, "Lima": 0.3, "Cairo": 0.8}


def weather_desk(seed: int = 0, **world: Any) -> World:
    """Make the weather desk's world.

    Its state is `{"mailbox": [...]}`; every message is `{"from", "to", "message"}`.  Other
    keyword arguments (`faults`, `latencies`) go to `World`.
    """
    return World(
        [
            Tool(
                ToolSpec(
                    "get_weather",
                    "Current weather in one city.",
                    arguments(city="Name of the city"),
                    reads=("weather/{city}",),
                    writes=(),
                ),
                _get_weather,
                lambda given, _random: _SECONDS.get(str(given.get("city")), 0.5),
            ),
            Tool(
                ToolSpec(
                    "get_profile",
                    "Name and e-mail address of the current user.",
                    arguments(),
                    reads=("profile",),
                    writes=(),
                ),
                lambda _state: "Jack <jack@example.com>",
                0.2,
            ),
            Tool(
                ToolSpec(
                    "send_email",
                    "Send a message to one address.",
                    arguments(to="E-mail address", message="Text of the message"),
                    reads=(),
                    writes=("mailbox",),
                ),
                _send_email,
                0.3,
            ),
        ],
        state=lambda: {"mailbox": []},
        seed=seed,
        **world,
    )


def compare_cities(*cities: str) -> list[ToolCall]:
    """Return one `get_weather` call for each city, as a model would ask for them."""
    return [
        ToolCall(f"weather_{city.lower()}", "get_weather", {"city": city})
        for city in cities or ("Beijing", "LA")
    ]


def _get_weather(_state: Any, city: str) -> str:
    if city not in _WEATHER:
        raise ToolError(f"No weather station in {city}.")
    return _WEATHER[city]


def _send_email(state: Any, to: str, message: str) -> str:
    state["mailbox"].append({"from": SENDER, "to": to, "message": message})
    return f"sent to {to}"
