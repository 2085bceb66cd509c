"""A limit on requests per minute, on any clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

__all__ = ("Window",)

MINUTE = 60.0


@dataclass(slots=True)
class Window:
    """A window of 60 seconds that opens with the first request and lets `limit` of them pass.

    `now` returns seconds on whatever clock the caller lives by.
    """

    now: Callable[[], float]
    opened: float = float("-inf")
    count: int = 0

    def admit(self, limit: int) -> float:
        """Count one request; return 0.0 if it may pass, else the seconds until one may."""
        time = self.now()
        if time - self.opened >= MINUTE:
            self.opened, self.count = time, 0
        if self.count >= limit:
            return self.opened + MINUTE - time
        self.count += 1
        return 0.0
