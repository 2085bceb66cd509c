"""Exercise `lint_history`: what a service would refuse, found before it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from toollab.checks._answers import returned
from toollab.checks._exercise import Exercise, Wrong
from toollab.checks.batches._histories import Finding, History
from toollab.checks.batches._plain import short
from toollab.clock import Run, attempt

__all__ = ("lint_history",)


@dataclass(frozen=True, slots=True)
class _Linted:
    case: History
    faulty: Run
    good: Run

    def found(self, *problems: str) -> tuple[set[Finding], set[Finding]]:
        """Return what was found of these problems, and what there is."""
        got = {(item[0], item[1]) for item in self.faulty.value}
        want = set(self.case.findings)
        return {f for f in got if f[0] in problems}, {f for f in want if f[0] in problems}

    def has(self, fault: str) -> bool:
        """Whether this fault is in the history."""
        return any(name == fault for name, _ in self.case.faults)


lint_history: Exercise[History, _Linted] = Exercise(
    "Lint a history",
    cases=[
        History((2, 3, 2, 0), (("dropped", 0), ("answered twice", 1), ("text first", 2))),
        History((2, 2, 0), (("invented", 0), ("interrupted", 1)), seed=1),
        History((2, 1, 0), (("moved", 0),), seed=2),
        History((1, 2, 3), (("reused", 1), ("unanswered end", 2)), split=True, seed=3),
    ],
)


@lint_history.play
def _lint(fn: Any, case: History) -> _Linted:
    return _Linted(case, attempt(fn, case.messages()), attempt(fn, case.messages(faulty=False)))


@lint_history.check("returns pairs of problem and id")
def _pairs(seen: _Linted) -> None:
    expected = 'a list of pairs such as ("missing", "toolu_1")'
    for run in (seen.faulty, seen.good):
        value = returned(run, expected)
        if type(value) not in (list, tuple) or not all(map(_is_pair, value)):
            raise Wrong(
                saw=short(value),
                expected=expected,
                hint="One pair of texts for each thing that is wrong; an empty list if nothing is.",
                mistake="not-pairs",
            )


def _is_pair(item: Any) -> bool:
    if type(item) not in (list, tuple) or len(item) != 2:
        return False
    return all(type(part) is str for part in item)


def _compare(seen: _Linted, problems: tuple[str, ...], mistake: str, hint: str) -> None:
    got, want = seen.found(*problems)
    if got == want:
        return
    lost = sorted(want - got)
    if lost:
        saw, expected = f"no word of {_told(lost)}", f"{_told(want)} in {seen.case.told}"
    else:
        saw, expected = f"{_told(got - want)} as well", _told(want) or "none of that kind"
        in_a_row = seen.case.split or seen.has("interrupted")
        mistake = "demands-one-message" if in_a_row else "false-alarm"
        hint = _IN_A_ROW if in_a_row else _FALSE_ALARM
    raise Wrong(saw=saw, expected=expected, hint=hint, mistake=mistake)


def _told(findings: Any) -> str:
    return ", ".join(f"{problem} {call_id}" for problem, call_id in sorted(findings))


_NEEDS = ("returns pairs of problem and id",)
_IN_A_ROW = "User messages in a row are one reply: look at their blocks together."
_FALSE_ALARM = (
    "This is reported, and is not so: a result after a text is text-first only, and one that "
    "nobody asked for is an orphan only."
)
_WHOLE = (
    "Counted over the whole history this looks fine: the answer stands in another turn. "
    "Compare each turn with the reply right after it."
)


@lint_history.check("finds calls without a result", needs=_NEEDS)
def _missing(seen: _Linted) -> None:
    if seen.has("moved"):
        _compare(seen, ("missing",), "whole-history", _WHOLE)
    elif seen.has("unanswered end"):
        _compare(
            seen,
            ("missing",),
            "forgets-the-end",
            "The last turn counts too: if nothing follows, all of its calls are unanswered.",
        )
    else:
        _compare(
            seen, ("missing",), "missed-call", "Every call of a turn needs a result in the reply."
        )


@lint_history.check("finds results without a call", needs=_NEEDS)
def _orphans(seen: _Linted) -> None:
    if seen.has("moved"):
        _compare(seen, ("orphan",), "whole-history", _WHOLE)
    else:
        hint = "A result must name a call of the turn right before it."
        _compare(seen, ("orphan",), "missed-orphan", hint)


@lint_history.check("finds ids used twice", needs=_NEEDS)
def _twice(seen: _Linted) -> None:
    problems = ("duplicate-result", "duplicate-call")
    if seen.has("reused"):
        hint = "Ids of calls are unique in the whole history, not only within a turn."
        _compare(seen, problems, "forgets-ids", hint)
    else:
        hint = "Count: a set forgets that something came twice."
        _compare(seen, problems, "missed-duplicate", hint)


@lint_history.check("finds results after a text", needs=_NEEDS)
def _after_text(seen: _Linted) -> None:
    if seen.has("interrupted"):
        hint = "User messages in a row are one reply: a text in the first stands before the "
        hint += "results in the second."
        _compare(seen, ("text-first",), "one-message-only", hint)
    else:
        hint = "In a reply, results come first: look at what stands before each of them."
        _compare(seen, ("text-first",), "missed-text", hint)


@lint_history.check(
    "finds nothing in a good history",
    points=2,
    needs=(
        "finds calls without a result",
        "finds results without a call",
        "finds ids used twice",
        "finds results after a text",
    ),
)
def _good(seen: _Linted) -> None:
    got = sorted({(item[0], item[1]) for item in seen.good.value})
    if not got:
        return
    split = seen.case.split
    raise Wrong(
        saw=f"{_told(got)} in a history that the service accepts",
        expected="an empty list",
        hint=_IN_A_ROW
        if split
        else "Text after the results is allowed, and so are turns without calls and contents "
        "that are plain text.",
        mistake="demands-one-message" if split else "false-alarm",
    )
