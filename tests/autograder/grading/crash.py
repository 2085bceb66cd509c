"""Kill things at counted moments: not so many seconds in, but at the n-th event.

As a program it grades a class and kills itself: `python -m tests.autograder.grading.crash ROOT
EVENT real|read`.  Every statement of SQL, every write to the journal (half of it is written), every
stored notebook and every submission started is an event.  With EVENT 0 it runs to its end and
prints how many there were.
"""

from __future__ import annotations

import os
import random
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any
from unittest import mock

import sqlalchemy as sql

from autograder.grading import engine, storing
from autograder.grading.course import grade_class
from autograder.grading.gradebook import Gradebook
from autograder.grading.marking import REPORT, Judgement, Trial
from autograder.grading.plan import load, plan
from autograder.grading.wire.channel import Channel
from autograder.grading.workers import Attempt, Workers, local
from tests.classroom import NAME, RIGHT, Class

__all__ = ("Events", "children", "grade_here", "hand_in", "jails", "kill", "servers", "told")


def hand_in(room: Class) -> None:
    """Let a class of eight hand in: right, wrong, untouched, damaged."""
    for number in range(5):
        room.hand_in(f"right{number}", "2026-11-02 12:00:00 UTC", **RIGHT, why="Because.")
    room.hand_in("half", on=RIGHT["on"], twice="def twice(light):\n    return 2")
    room.hand_in("idle")
    room.hand_in("broken")
    room.path("broken").write_bytes(b"{")


def judge(name: str, notebook: dict[str, Any]) -> Trial:
    """Stand for the jail: an answer earns its points if it is the right one's text."""
    del name
    texts = {cell["id"]: cell["source"] for cell in notebook["cells"]}
    judgements = {}
    for answer, points in (("on", 2.0), ("twice", 3.0)):
        good = texts[answer] == RIGHT[answer]
        idle = "NotImplementedError" in texts[answer]
        outcome = "passed" if good else "not attempted" if idle else "failed"
        report = {"earned": points * good, "exercise": "", "outcome": outcome, "checks": []}
        judgements[f"{answer}-check"] = Judgement(bundle={"text/html": "", REPORT: report})
    return Trial(outputs={}, judgements=judgements, jail="read")


@dataclass(eq=False)
class Events:
    """Counts events and does something at one of them."""

    moment: int
    act: Callable[[], object]
    count: int = 0

    def happen(self) -> bool:
        """Count one; tell whether it is the moment."""
        self.count += 1
        return self.count == self.moment

    def __call__(self, *_: object, **__: object) -> None:
        """Count one, and act if it is the moment."""
        if self.happen():
            self.act()

    def around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function with an event before it and one after it."""

        @wraps(function)
        def counted(*arguments: Any, **options: Any) -> Any:
            self()
            value = function(*arguments, **options)
            self()
            return value

        return counted


def _grade(root: Path, events: Events, *, real: bool) -> None:
    room = Class(root)
    write = os.pwrite

    def half(file: int, content: bytes, place: int) -> int:
        if events.happen():
            write(file, content[: len(content) // 2], place)
            events.act()
        return write(file, content, place)

    sql.event.listen(sql.Engine, "before_cursor_execute", events)
    sql.event.listen(sql.Engine, "commit", events)
    with (
        mock.patch.object(os, "pwrite", half),
        mock.patch.object(engine, "store", events.around(engine.store)),
        mock.patch.object(storing, "write_whole", events.around(storing.write_whole)),
    ):
        if real:
            with (
                local(2) as workers,
                mock.patch.object(Attempt, "__call__", events.around(Attempt.__call__)),
            ):
                grade_class(root, [NAME], room.room, room.room.gradebook, workers)
            return
        assignment = load(root, NAME)
        with Gradebook(room.room.gradebook) as book:
            engine.grade(
                assignment,
                plan(room.room.submitted, NAME),
                room.room,
                book,
                pool=lambda: ThreadPoolExecutor(2),
                attempt=events.around(judge),
                width=2,
            )


# -- processes --------------------------------------------------------------------------------


def children(process: int) -> list[int]:
    """Return the processes that this one started and that are still there."""
    found = []
    try:
        for task in sorted(Path(f"/proc/{process}/task").iterdir()):
            found += [int(word) for word in (task / "children").read_text().split()]
    except OSError:
        return []
    return sorted(found)


def _command(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def servers(process: int) -> list[int]:
    """Return what a grader in this process has started: of jails, and of witnesses."""
    words = ("autograder.grading.jail.zygote", "autograder.grading.witness.server")
    return [child for child in children(process) if any(w in _command(child) for w in words)]


def jails(process: int) -> list[int]:
    """Return the innermost processes of the submissions that run in this process's jails."""
    found: list[int] = []
    for server in servers(process):
        inside = [server]
        while inside and "bwrap" in _command(inside[0]).split(" ", 1)[0]:
            inside = children(inside[0])
        if inside and inside != [server]:
            found += [leaf for jail in children(inside[0]) for leaf in _leaves(jail)]
    return found


def _leaves(process: int) -> Iterator[int]:
    inside = children(process)
    if not inside:
        yield process
    for child in inside:
        yield from _leaves(child)


@contextmanager
def told(act: Callable[[], bool], moment: int) -> Iterator[list[int]]:
    """Act at the n-th message that a witness sends, or at the first after it that will do.

    What is given becomes the number of messages; `act` tells whether it did anything.
    """
    seen = [0]
    receive = Channel.receive
    over = [False]

    def counted(channel: Any, *arguments: Any) -> Any:
        message = receive(channel, *arguments)
        seen[0] += 1
        if seen[0] >= moment and not over[0]:
            over[0] = act()
        return message

    with mock.patch.object(Channel, "receive", counted):
        yield seen
    assert over[0], f"{seen[0]} messages, and nobody was killed"


def kill(processes: list[int], seed: int) -> bool:
    """Kill one of these; tell whether there was one."""
    if not processes:
        return False
    try:
        os.kill(random.Random(seed).choice(processes), signal.SIGKILL)  # noqa: S311 - a sample
    except ProcessLookupError:
        return False
    return True


def grade_here(room: Class, workers: Workers, **options: Any) -> Any:
    """Grade the class in this process."""
    return grade_class(room.root, [NAME], room.room, room.room.gradebook, workers, **options)


if __name__ == "__main__":

    def end() -> None:
        """Write down what will be orphaned, and die."""
        sys.stdout.write(" ".join(map(str, servers(os.getpid()))))
        sys.stdout.flush()
        os.kill(os.getpid(), signal.SIGKILL)

    counted = Events(int(sys.argv[2]), end)
    _grade(Path(sys.argv[1]), counted, real=sys.argv[3] == "real")
    sys.stdout.write(str(counted.count))
