"""Exercise `retry_wait`: how long to wait before a request is sent again, or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from toollab.checks._answers import close, is_number, returned
from toollab.checks._exercise import Exercise, Wrong
from toollab.clock import Run, attempt

__all__ = ("Refused", "retry_wait")

Rule = Literal["final", "transient", "doubling", "jitter", "floor", "deadline", "tries"]


@dataclass(frozen=True, slots=True)
class Refused:
    """A refused request, and the seconds to wait before the next try; `None` gives up.

    `number` counts the tries so far, `drawn` is what chance says, `then` what it says when asked
    again, and `rule` is what the case is about.  `wait` is written down here, so that nothing has
    to work it out.
    """

    rule: Rule
    status: int
    wait: float | None
    number: int = 1
    retry_after: float | None = None
    left_s: float = 60.0
    drawn: float = 0.5
    then: float | None = None

    @property
    def told(self) -> str:
        """The case in words."""
        after = "" if self.retry_after is None else f", retry-after {self.retry_after:g} s"
        then = "" if self.then is None else f", then {self.then:g}"
        return (
            f"status {self.status} at try {self.number}{after}, {self.left_s:g} s left, "
            f"draw() gives {self.drawn:g}{then}"
        )


@dataclass(frozen=True, slots=True)
class _Waited:
    case: Refused
    run: Run

    @property
    def error(self) -> BaseException | None:
        return self.run.error

    def wrong(self, hint: str, mistake: str) -> Wrong:
        case, got = self.case, self.run.value
        wanted = "None: give up" if case.wait is None else f"{case.wait:g} s"
        saw = "None" if got is None else f"{got:.6g} s"
        return Wrong(saw=f"{saw} for {case.told}", expected=wanted, hint=hint, mistake=mistake)


retry_wait: Exercise[Refused, _Waited] = Exercise(
    "How long to wait before another try",
    cases=[
        Refused("final", 400, None),
        Refused("final", 401, None),
        Refused("final", 404, None),
        *(Refused("transient", status, 0.25) for status in (408, 409, 429, 500, 503, 507, 529)),
        Refused("doubling", 429, 0.25),
        Refused("doubling", 429, 0.5, number=2),
        Refused("doubling", 429, 1.0, number=3),
        Refused("doubling", 429, 4.0, number=5),
        Refused("doubling", 429, 4.0, number=6),
        # The rules below are asked where the ceiling has just been reached: one doubling too many,
        # or no cap, is told by the cases above and costs nothing here.
        Refused("jitter", 429, 0.0, number=5, drawn=0.0),
        Refused("jitter", 429, 6.0, number=5, drawn=0.75),
        Refused("jitter", 429, 2.0, number=5, drawn=0.25, then=0.75),
        Refused("floor", 429, 16.0, number=5, retry_after=12.0),
        Refused("floor", 429, 6.5, number=5, retry_after=2.5),
        Refused("deadline", 429, None, number=5, left_s=3.5),
        Refused("deadline", 429, 4.0, number=5, left_s=4.0),
        Refused("deadline", 429, None, number=5, retry_after=12.0, left_s=10.0),
        Refused("tries", 429, None, number=8),
    ],
)


@retry_wait.play
def _wait(fn: Any, case: Refused) -> _Waited:
    left = [case.drawn]

    def draw() -> float:
        return left.pop() if left else case.drawn if case.then is None else case.then

    run = attempt(fn, case.status, case.number, case.retry_after, case.left_s, draw)
    return _Waited(case, run)


@retry_wait.check("returns seconds or None")
def _shape(seen: _Waited) -> None:
    if seen.error is None and seen.run.value is None:
        return
    expected = "a number of seconds, or None to give up"
    value = returned(seen.run, expected)
    if is_number(value) and value >= 0:
        return
    raise Wrong(
        saw=repr(value)[:200],
        expected=expected,
        hint="Return the seconds as one number, 0.0 or more; None says that nothing is tried.",
        mistake="not-seconds",
    )


_SHAPE = ("returns seconds or None",)


def _right(seen: _Waited, *rules: Rule) -> bool:
    """Tell whether the case is about other rules, or was answered as it should be."""
    case, got = seen.case, seen.run.value
    if case.rule not in rules:
        return True
    if case.wait is None or got is None:
        return case.wait is None and got is None
    return close(got, case.wait)


@retry_wait.check("tries again only what can pass", needs=_SHAPE)
def _what(seen: _Waited) -> None:
    case, tried = seen.case, seen.run.value is not None
    if case.rule not in ("final", "transient") or tried == (case.wait is not None):
        return
    if tried:
        raise seen.wrong(
            "The request itself is wrong, or not allowed: the same request gets the same answer.",
            "retries-final",
        )
    raise seen.wrong(
        "Too many requests (429), a timeout (408), a conflict (409) and every status from 500 "
        "on can pass: 529 says overloaded.",
        "gives-up-at-once",
    )


@retry_wait.check("doubles up to a cap", needs=_SHAPE)
def _doubling(seen: _Waited) -> None:
    if _right(seen, "doubling"):
        return
    case, got = seen.case, seen.run.value
    if got is not None and case.wait is not None and got > case.wait and case.number > 5:
        raise seen.wrong("No ceiling is above 8 s, however often it has failed.", "no-cap")
    raise seen.wrong(
        "The ceiling is 0.5 s after the first try, and twice as high after each further one.",
        "not-doubling",
    )


@retry_wait.check("spreads the waits", needs=_SHAPE)
def _jitter(seen: _Waited) -> None:
    if _right(seen, "jitter"):
        return
    if seen.case.then is not None:
        raise seen.wrong(
            "Each draw() gives another number: draw once, keep the wait, and return the one that "
            "you have compared.",
            "draws-twice",
        )
    raise seen.wrong(
        "Clients that were refused together come back together unless chance spreads them: wait "
        "draw() of the whole ceiling, from nothing to all of it.",
        "no-jitter",
    )


@retry_wait.check("never comes back before retry-after", needs=_SHAPE)
def _floor(seen: _Waited) -> None:
    if _right(seen, "floor"):
        return
    case, got = seen.case, seen.run.value
    if got is not None and case.retry_after is not None and close(got, case.retry_after):
        raise seen.wrong(
            "Everybody who was refused in this second was told the same. Add your own part of the "
            "ceiling to it.",
            "herd-at-retry-after",
        )
    if got is not None and case.retry_after is not None and got < case.retry_after:
        raise seen.wrong(
            "The service has said when it will listen again: earlier is refused, and counted.",
            "ignores-retry-after",
        )
    raise seen.wrong(
        "Wait what the service asks for, and then your own part of the ceiling: neither cap nor "
        "doubling touches retry-after itself.",
        "other-retry-after",
    )


@retry_wait.check("knows when to stop", needs=_SHAPE)
def _stops(seen: _Waited) -> None:
    if _right(seen, "deadline", "tries"):
        return
    case = seen.case
    if case.rule == "tries":
        raise seen.wrong("Eight tries are enough: then somebody has to hear of it.", "never-stops")
    if case.wait is None:
        raise seen.wrong(
            "Nobody waits for the answer any more when this wait is over: give up now.",
            "past-deadline",
        )
    raise seen.wrong("A wait that ends just at the deadline is still allowed.", "gives-up-early")
