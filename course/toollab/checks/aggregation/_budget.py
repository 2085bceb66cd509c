"""Exercise `fit_budget`: results within a size, every id kept, nobody shortened for another.

What is fair is judged by what it means, not by a way to get there: no answer that is kept whole
is longer than one that was cut, the cut ones are equally long, and no room is left over that
would make each of the shortest ones longer.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from toollab.calls import ToolResult
from toollab.checks import _probes as probes
from toollab.checks._answers import returned
from toollab.checks._exercise import Exercise, Wrong
from toollab.checks.aggregation._answers import short
from toollab.clock import Run, attempt
from toollab.views import Picture, stacked_bars

__all__ = ("Haul", "fit_budget")

_WORDS = ("pool", "latency", "retry", "checkout", "cache", "error", "timeout", "index", "shard")


@dataclass(frozen=True, slots=True)
class Haul:
    """Results of known lengths, in characters, and the room there is for them together.

    `errors` are the places of the error results.
    """

    lengths: tuple[int, ...]
    max_chars: int
    errors: tuple[int, ...] = ()
    mark: str = " …[cut]"
    seed: int = 0

    def results(self) -> list[ToolResult]:
        """Return the results; no two of them begin alike."""
        source = random.Random(self.seed)  # noqa: S311 - chance, not secrets
        first = source.randrange(7, 10)
        return [
            ToolResult(f"call_{first + place}", _text(source, place, length), place in self.errors)
            for place, length in enumerate(self.lengths)
        ]

    @property
    def told(self) -> str:
        """The case in words."""
        size = f"{len(self.lengths)} results of {sum(self.lengths)} characters"
        return f"{size}, {self.max_chars} allowed"


def _text(source: random.Random, place: int, length: int) -> str:
    words = [f"{place}:"]
    while sum(map(len, words)) + len(words) <= length:
        words.append(f"{source.choice(_WORDS)}{source.randrange(100)}")
    return " ".join(words)[:length]


@dataclass(frozen=True, slots=True)
class _Fitted:
    case: Haul
    run: Run

    @property
    def pairs(self) -> list[tuple[ToolResult, ToolResult]]:
        """Each result as it was and as it came back, by id."""
        by_id = {result.id: result for result in self.run.value}
        return [(old, by_id[old.id]) for old in self.case.results()]

    @property
    def good(self) -> list[tuple[ToolResult, ToolResult]]:
        """The same without the errors."""
        return [pair for pair in self.pairs if not pair[0].is_error]

    @property
    def cut(self) -> list[tuple[ToolResult, ToolResult]]:
        """The pairs whose content came back shorter."""
        return [(a, b) for a, b in self.good if len(b.content) < len(a.content)]

    @property
    def used(self) -> int:
        return sum(len(result.content) for result in self.run.value)


fit_budget: Exercise[Haul, _Fitted] = Exercise(
    "Fit results into a budget",
    cases=[
        Haul((900, 60, 48, 2100, 24, 150), 700, errors=(2,), seed=1),
        Haul((300, 310, 12, 280), 600, seed=2),
        Haul((40, 55, 70), 165, errors=(1,), seed=3),
        Haul((80, 200, 300), 400, errors=(1,), seed=4),
    ],
)


@fit_budget.play
def _play(fn: Any, case: Haul) -> _Fitted:
    return _Fitted(case, attempt(fn, case.results(), case.max_chars, case.mark))


@fit_budget.check("keeps every id, in order")
def _every_id(seen: _Fitted) -> None:
    results = probes.results_of(returned(seen.run, "a list of ToolResult"))
    got, want = [r.id for r in results], [r.id for r in seen.case.results()]
    if got == want:
        return
    lost = [i for i in want if i not in got]
    if lost:
        raise Wrong(
            saw=f"no result for {', '.join(lost)}, {seen.case.told}",
            expected=f"all {len(want)} ids",
            hint="A result without room still has an id to answer: make it short, not absent.",
            mistake="id-lost",
        )
    same = sorted(got) == sorted(want)
    raise Wrong(
        saw=", ".join(got),
        expected=", ".join(want),
        hint="Sort a copy to find out the lengths; hand the results back in the order you got them."
        if same
        else "One result for each result you got, with the same id.",
        mistake="other-order" if same else "other-ids",
    )


@fit_budget.check("keeps errors whole", needs=["keeps every id, in order"])
def _errors_whole(seen: _Fitted) -> None:
    for old, new in seen.pairs:
        if old.is_error != new.is_error:
            raise Wrong(
                saw=f"is_error of {old.id} has become {new.is_error}",
                expected=f"is_error={old.is_error}, as before",
                hint="A new ToolResult is no error unless you say so: dataclasses.replace keeps "
                "all that you don't change.",
                mistake="mark-lost",
            )
        if old.is_error and old.content != new.content:
            raise Wrong(
                saw=f"the error of {old.id} has become {short(new.content)}",
                expected=short(old.content),
                hint="Errors are short, and the model needs every word of them: give them their "
                "room first, and share what is left.",
                mistake="error-cut",
            )


@fit_budget.check("stays within the budget", needs=["keeps every id, in order"])
def _within(seen: _Fitted) -> None:
    over = seen.used - seen.case.max_chars
    if over <= 0:
        return
    marks = len(seen.case.mark) * len(seen.cut)
    errors = sum(seen.case.lengths[place] for place in seen.case.errors)
    if 0 <= marks - over < max(1, len(seen.cut)):
        mistake = "mark-not-counted"
        hint = "The mark is text too: it takes its characters from those that are kept."
    elif errors and over <= errors:
        mistake, hint = "errors-not-counted", "Errors stay whole, and they take room as well."
    else:
        mistake, hint = "over-budget", "Add up the characters of all contents that you return."
    raise Wrong(
        saw=f"{seen.used} characters",
        expected=f"at most {seen.case.max_chars}",
        hint=hint,
        mistake=mistake,
    )


@fit_budget.check("says what it cut", needs=["keeps every id, in order"])
def _says(seen: _Fitted) -> None:
    mark = seen.case.mark
    for old, new in seen.good:
        if old.content == new.content:
            continue
        if not new.content.endswith(mark):
            raise Wrong(
                saw=f"{old.id} ends with {short(new.content[-20:])}",
                expected=f"a cut content ends with {short(mark)}",
                hint="Without the mark the model takes a part for the whole: it concludes that "
                "what was cut off does not exist.",
                mistake="cut-unmarked",
            )
        kept = new.content[: len(new.content) - len(mark)]
        if len(new.content) >= len(old.content) and old.content.startswith(kept):
            raise Wrong(
                saw=f"{old.id} is marked as cut, and is no shorter than before",
                expected="a content that fits comes back as it was",
                hint="Mark only what you have shortened.",
                mistake="marked-whole",
            )
        if not old.content.startswith(kept):
            raise Wrong(
                saw=f"{old.id} has become {short(new.content)}",
                expected=f"the beginning of {short(old.content)}, and the mark",
                hint="Keep characters from the front: content[:n] + mark.",
                mistake="not-a-beginning",
            )


@fit_budget.check(
    "cuts the longest, all to one length",
    points=2,
    needs=["stays within the budget", "says what it cut"],
)
def _fair(seen: _Fitted) -> None:
    cut = seen.cut
    if not cut:
        return
    if sum(seen.case.lengths) <= seen.case.max_chars:
        raise Wrong(
            saw=f"{cut[0][0].id} is cut, {seen.case.told}",
            expected="nothing is cut: all of it fits",
            hint="Cut only what has to be cut.",
            mistake="cut-for-nothing",
        )
    lengths = [len(new.content) for _, new in cut]
    whole = [len(new.content) for old, new in seen.good if len(new.content) == len(old.content)]
    longest, shortest = max([*lengths, *whole]), min(lengths)
    if longest <= shortest + 1:
        return
    mistake, hint = _why_unfair(seen)
    raise Wrong(
        saw=f"one is cut to {shortest} characters while another keeps {longest}; {seen.case.told}",
        expected="no answer is cut below what another one keeps",
        hint=hint,
        mistake=mistake,
    )


def _why_unfair(seen: _Fitted) -> tuple[str, str]:
    shares = [
        len(new.content) / len(old.content) for old, new in seen.good if len(old.content) > 50
    ]
    lengths = [len(new.content) for _, new in seen.good]
    mark = len(seen.case.mark)
    empty = [i for i, length in enumerate(lengths) if length <= mark]
    if shares and max(shares) - min(shares) < 0.1:
        return "proportional", (
            "The same percentage for all also cuts those who were short: they could stay whole "
            "for very little."
        )
    if empty and all(i in empty for i in range(empty[0], len(lengths))):
        return "first-come", (
            "The first results have used up the room: share it before you fill it."
        )
    return "unequal", "Whoever must be cut is cut to the same length as the others."


@fit_budget.check(
    "uses the room there is", points=2, needs=["stays within the budget", "says what it cut"]
)
def _room(seen: _Fitted) -> None:
    cut, left = seen.cut, seen.case.max_chars - seen.used
    if not cut:
        return
    shortest = min(len(new.content) for _, new in cut)
    lowest = sum(len(new.content) == shortest for _, new in cut)
    if left < lowest:
        return
    room = seen.case.max_chars - sum(len(old.content) for old, _ in seen.pairs if old.is_error)
    equal = (shortest == room // len(seen.good)) or shortest == seen.case.max_chars // len(
        seen.case.lengths
    )
    raise Wrong(
        saw=f"{left} characters unused, while {lowest} answers are cut to {shortest}",
        expected="less left over than one character for each of the shortest",
        hint="An answer shorter than its share leaves room for the others: share that out too."
        if equal
        else "As long as one more character for each of them fits, they are cut too much.",
        mistake="equal-shares" if equal else "wasteful",
    )


@fit_budget.picture
def _draw(seen: _Fitted) -> Picture | None:
    if type(seen.run.value) is not list or not all(type(r) is ToolResult for r in seen.run.value):
        return None
    by_id = {result.id: len(result.content) for result in seen.run.value}
    return stacked_bars(
        _rows(seen.case.results(), by_id), unit="chars", title=f"Kept of {seen.case.told}"
    )


def _rows(results: Sequence[ToolResult], kept: dict[str, int]) -> dict[str, dict[str, float]]:
    rows: dict[str, dict[str, float]] = {}
    for result in results:
        size, length = kept.get(result.id, 0), len(result.content)
        what = ", error" if result.is_error else ""
        rows[f"{result.id}{what} keeps {size}"] = {
            "kept": min(size, length),
            "cut off": max(0, length - size),
        }
    return rows
