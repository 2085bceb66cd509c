"""How a run can get stuck: every case has its own exception, sentence and hint."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ("Blocked", "Deadlock", "Endless", "Livelock", "Spinning", "Stuck", "WorldClosedError")


class Stuck(BaseException):
    """The code under test cannot finish.

    It derives from `BaseException`, so that a learner's `except Exception` does not swallow it.
    """

    hint = ""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence

    def __str__(self) -> str:
        return f"{self.sentence}\nHint: {self.hint}"


class Deadlock(Stuck):
    """Nothing is ready, no timer is armed, and somebody still waits."""

    hint = "Ask of each await or lock: who will wake it up, and has that one been started?"


class Livelock(Stuck):
    """The loop goes round and round without simulated time moving."""

    hint = "Await the thing you wait for instead of asking again and again with sleep(0)."


class Endless(Stuck):
    """Simulated time passed the horizon."""

    hint = "A loop that sleeps and looks again needs an end: what should make it stop?"


class Spinning(Stuck):
    """The code used far more processor time than any solution needs, without waiting."""

    hint = "A `while` loop without an await never lets anything else run."

    def __init__(
        self, sentence: str = "The code kept the processor busy without ever coming back."
    ) -> None:
        super().__init__(sentence)


class WorldClosedError(RuntimeError):
    """A tool was still waiting when its run was over."""


@dataclass(frozen=True, slots=True)
class Blocked:
    """A call that stopped the event loop: the function's name and where it was called."""

    function: str
    where: str
    seconds: float = 0.0
