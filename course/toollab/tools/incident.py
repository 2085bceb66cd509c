"""The incident desk: what somebody on call looks at first, and the one thing they can do.

Three services, with a short status and a log each; logs are long, and differ in length.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toollab.calls import JSON, ToolCall, ToolSpec
from toollab.tools._schema import arguments
from toollab.tools._world import Tool, ToolError, World

__all__ = ("check_services", "first_look", "incident_desk")

_SERVICES = ("checkout", "search", "payments")
_STATUS = {"checkout": "down", "search": "healthy", "payments": "healthy"}
_STATUS_SECONDS = {"checkout": 0.9, "search": 0.3, "payments": 0.6}
_LOG_SECONDS = {"checkout": 1.2, "search": 0.8, "payments": 1.0}
_LINES = {"checkout": 40, "search": 3, "payments": 16}
_SAYS = {
    "checkout": (
        "ERROR pool exhausted: 50 of 50 connections in use",
        "WARN  request {id} waits for a connection",
        "ERROR request {id} gave up after 5 s",
        "WARN  release 412 opens a connection for each item",
    ),
    "search": ("INFO  index refreshed in 0.4 s",),
    "payments": ("INFO  payment {id} authorised", "INFO  payment {id} captured"),
}


def incident_desk(seed: int = 0, **world: Any) -> World:
    """Make the incident desk's world.

    Its state is `{"restarted": [...]}`, the names of services in the order of their restarts.
    Other keyword arguments (`faults`, `latencies`) go to `World`.
    """
    service = arguments(service="Name of the service: checkout, search or payments")
    return World(
        [
            Tool(
                ToolSpec(
                    "get_status",
                    "Whether a service is healthy or down.",
                    service,
                    reads=("status/{service}",),
                    writes=(),
                ),
                lambda _state, service: _STATUS[_known(service)],
                lambda given, _random: _seconds(_STATUS_SECONDS, given),
            ),
            Tool(
                ToolSpec(
                    "read_log",
                    "The log of a service since midnight.",
                    service,
                    reads=("log/{service}",),
                    writes=(),
                ),
                lambda _state, service: _log(_known(service)),
                lambda given, _random: _seconds(_LOG_SECONDS, given),
            ),
            Tool(
                ToolSpec(
                    "list_releases",
                    "What was released today, latest first.",
                    arguments(),
                    reads=("releases",),
                    writes=(),
                ),
                lambda _state: "412 checkout 12:02, 411 search 09:40",
                0.2,
            ),
            Tool(
                ToolSpec(
                    "restart",
                    "Restart a service; it is away for a minute.",
                    service,
                    reads=(),
                    writes=("status/{service}",),
                ),
                _restart,
                0.5,
            ),
        ],
        state=lambda: {"restarted": []},
        seed=seed,
        **world,
    )


def check_services(*services: str) -> list[ToolCall]:
    """Return one `get_status` call for each service; for all three if none is named."""
    return [
        ToolCall(f"call_{position}", "get_status", {"service": service})
        for position, service in enumerate(services or _SERVICES, start=1)
    ]


def first_look() -> list[ToolCall]:
    """Return the calls behind *checkout is failing, have a first look*."""
    wanted: list[tuple[str, dict[str, JSON]]] = [
        ("get_status", {"service": "checkout"}),
        ("read_log", {"service": "checkout"}),
        ("read_log", {"service": "payments"}),
        ("read_log", {"service": "search"}),
        ("list_releases", {}),
    ]
    return [
        ToolCall(f"call_{position}", name, given)
        for position, (name, given) in enumerate(wanted, start=1)
    ]


def _seconds(table: Mapping[str, float], given: Mapping[str, JSON]) -> float:
    return table.get(str(given.get("service")), 0.1)


def _known(service: str) -> str:
    if service not in _SERVICES:
        raise ToolError(f"No service is called {service}.")
    return service


def _log(service: str) -> str:
    says = _SAYS[service]
    return "\n".join(
        f"12:{2 + number * 7 // 60:02}:{number * 7 % 60:02} "
        + says[number % len(says)].format(id=4100 + number * 3)
        for number in range(_LINES[service])
    )


def _restart(state: Any, service: str) -> str:
    state["restarted"].append(_known(service))
    return f"{service} is restarting"
