"""A learner's names in another process, as a witness sees them: without a wall, without cells."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from textwrap import dedent
from typing import Any

from autograder.grading.jail.session import Session
from autograder.grading.wire.channel import Channel, ClosedError
from autograder.grading.wire.messages import Begin, Find, Found, Rest, Turn
from autograder.grading.witness.link import Link

__all__ = ("far", "linked")


@contextmanager
def linked(source: str) -> Iterator[Link]:
    """Run `source` in a fork of this process and give its link."""
    here, there = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        try:
            here.close()
            space: dict[str, Any] = {"__name__": "__main__"}
            exec(dedent(source), space)  # noqa: S102 - the test's own text
            channel: Channel[Find | Begin | Turn] = Channel(
                there, Find | Begin | Turn, limit=1 << 20
            )
            Session(channel, space, lambda _error: ()).serve()
        except ClosedError:
            pass
        finally:
            os._exit(0)
    there.close()
    talk: Channel[Rest | Found] = Channel(here, Rest | Found, limit=1 << 20)
    try:
        yield Link(talk, 60.0)
    finally:
        talk.close()
        os.waitpid(pid, 0)


@contextmanager
def far(source: str, *names: str) -> Iterator[Any]:
    """Run `source` elsewhere and give what stands here for these names; for one, it alone."""
    with linked(source) as link:
        found = link.find(names)
        yield found[names[0]] if len(names) == 1 else [found[name] for name in names]
