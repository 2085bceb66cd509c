"""The switch between the mock and the real services: a small object, and its reasons."""

from __future__ import annotations

import os
from collections.abc import Callable

__all__ = ("Switch",)


class Switch:
    """On is live, off is the mock.

    It starts as the environment variable `TOOLLAB_LIVE` says (`1`, `true`, `yes` or `on`).  A
    toggle in a notebook sets `live` and follows it with `subscribe`.  When a live call cannot
    be made, the switch goes back to the mock and `reason` says why, in a sentence and a hint.
    """

    def __init__(self, *, live: bool | None = None) -> None:
        asked = os.environ.get("TOOLLAB_LIVE", "").strip().lower() in {"1", "true", "yes", "on"}
        self._live = asked if live is None else live
        self._followers: list[Callable[[Switch], object]] = []
        self.reason = ""

    def __repr__(self) -> str:
        return f"Switch(live={self._live})"

    @property
    def live(self) -> bool:
        """Tell whether the next call goes to a real service."""
        return self._live

    @live.setter
    def live(self, on: bool) -> None:
        self._set(on=on, reason="")

    def fall_back(self, reason: str) -> None:
        """Go back to the mock, and remember why."""
        self._set(on=False, reason=reason)

    def subscribe(self, follower: Callable[[Switch], object]) -> None:
        """Call `follower(switch)` after each change."""
        self._followers.append(follower)

    @property
    def sentence(self) -> str:
        """Say in one sentence where calls go."""
        if self._live:
            return "Live: calls go to the real services and cost money."
        return f"Mock: calls stay on this machine and cost nothing. {self.reason}".strip()

    def _set(self, *, on: bool, reason: str) -> None:
        self._live, self.reason = on, reason
        for follower in tuple(self._followers):
            follower(self)
