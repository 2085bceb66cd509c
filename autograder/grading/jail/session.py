"""Serves one witness from the learner's namespace, until it hangs up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograder.grading.jail.scene import Scene
from autograder.grading.jail.turns import Message
from autograder.grading.wire.channel import Channel
from autograder.grading.wire.messages import Begin, Find, Found, Item, Place
from autograder.grading.wire.values import CannotCrossError

__all__ = ("Session",)


class Session:
    """Serves one witness: finds names, plays scenes, until the channel is closed."""

    def __init__(
        self,
        channel: Channel[Message],
        namespace: dict[str, Any],
        where: Callable[[BaseException], Sequence[Place]],
    ) -> None:
        self.peer = Scene(channel, namespace, where)
        self._channel = channel
        self._namespace = namespace

    def serve(self) -> None:
        """Answer the witness until it hangs up; raises `ClosedError` then."""
        while True:
            message = self._channel.receive()
            if isinstance(message, Find):
                self._channel.send(Found(self._found(message.names)))
            elif isinstance(message, Begin):
                self.peer.play(message)

    def _found(self, names: Sequence[str]) -> dict[str, Item]:
        found: dict[str, Item] = {}
        for name in names:
            if name in self._namespace:
                try:
                    found[name] = self.peer.pack(self._namespace[name])
                except CannotCrossError as error:
                    found[name] = self.peer.pack_failure(error)
        return found
