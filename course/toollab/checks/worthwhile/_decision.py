"""Exercise `should_parallelise`: a decision and the reason for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from toollab.checks._answers import returned
from toollab.checks._exercise import Exercise, Wrong
from toollab.checks.worthwhile._profiles import Case
from toollab.clock import Run, attempt

__all__ = ("should_parallelise",)

_REASONS = ("single-call", "chain", "limit-one", "conflict", "overhead", "too-little", "pays")


@dataclass(frozen=True, slots=True)
class _Decided:
    case: Case
    run: Run

    @property
    def error(self) -> BaseException | None:
        return self.run.error

    @property
    def reason(self) -> str:
        """The reason that was given."""
        return str(self.run.value[1])


should_parallelise: Exercise[Case, _Decided] = Exercise(
    "Whether to run in parallel, and why",
    cases=[
        Case("one search", "single-call", [[(0.5, "wiki")]]),
        Case("a search, then the page it found", "chain", [[(0.5, "wiki"), (0.5, "page")]]),
        Case(
            "three searches, one slot",
            "limit-one",
            [[(2.0, "wiki")], [(2.0, "forum")], [(2.0, "mail")]],
            limit=1,
        ),
        Case(
            "one slot and a conflict", "limit-one", [[(4.0, "notes!")], [(4.0, "notes")]], limit=1
        ),
        Case(
            "two notes into one case",
            "conflict",
            [[(3.0, "wiki"), (3.0, "notes!")], [(3.0, "forum"), (3.0, "notes!")]],
        ),
        Case(
            "one call reads what another writes",
            "conflict",
            [[(3.0, "notes")], [(3.0, "wiki"), (3.0, "notes!")]],
        ),
        Case(
            "the last of three reads what the first writes",
            "conflict",
            [[(3.0, "notes!")], [(3.0, "wiki")], [(3.0, "notes")]],
        ),
        Case(
            "a conflict, and more overhead than gain",
            "conflict",
            [[(1.0, "notes!")], [(1.0, "notes!")]],
            overhead_s=9.0,
        ),
        Case(
            "a chain that writes and then reads its own note, beside a search",
            "pays",
            [[(2.0, "notes!"), (2.0, "notes")], [(4.0, "wiki")]],
        ),
        Case(
            "two quick searches behind a planner of 1 s",
            "overhead",
            [[(0.5, "wiki")], [(0.5, "forum")]],
            overhead_s=1.0,
            worth=0.0,
        ),
        Case(
            "four searches through two slots, planner of 5 s",
            "overhead",
            [[(2.0, "wiki")], [(2.0, "forum")], [(2.0, "mail")], [(2.0, "tickets")]],
            limit=2,
            overhead_s=5.0,
            worth=0.0,
            trap="limit",
        ),
        Case(
            "one long read beside two quick searches",
            "overhead",
            [[(2.0, "wiki"), (4.0, "page")], [(1.0, "forum")], [(1.0, "mail")]],
            overhead_s=3.0,
            worth=0.0,
            trap="chain",
        ),
        Case(
            "two searches that save just what the planner takes",
            "overhead",
            [[(1.0, "wiki")], [(1.0, "forum")]],
            overhead_s=1.0,
            worth=0.0,
            trap="tie",
        ),
        Case(
            "two quick searches, model turns of 8 s",
            "too-little",
            [[(0.5, "wiki")], [(0.5, "forum")]],
            model_s=8.0,
        ),
        Case(
            "two searches that save 2 s behind a planner of 1.5 s",
            "too-little",
            [[(2.0, "wiki")], [(2.0, "forum")]],
            overhead_s=1.5,
        ),
        Case(
            "two searches, just worth it",
            "pays",
            [[(2.0, "wiki")], [(2.0, "forum")]],
            worth=0.25,
        ),
        Case(
            "five searches of the same base",
            "pays",
            [[(2.0, "wiki")]] * 5,
            overhead_s=0.5,
        ),
    ],
)


@should_parallelise.play
def _decide(fn: Any, case: Case) -> _Decided:
    return _Decided(case, attempt(fn, case.profile()))


@should_parallelise.check("returns a decision and a reason")
def _shape(seen: _Decided) -> None:
    expected = "True or False, and one of the reasons"
    value = returned(seen.run, expected)
    good = type(value) in (tuple, list) and len(value) == 2 and type(value[0]) is bool
    if not good or type(value[1]) is not str or value[1] not in _REASONS:
        raise Wrong(
            saw=repr(value)[:200],
            expected=expected,
            hint="Return a pair, for example (False, 'chain'), spelt as in the table.",
            mistake="not-a-decision",
        )
    if value[0] != (value[1] == "pays"):
        raise Wrong(
            saw=repr(value)[:200],
            expected="True with 'pays', False with every other reason",
            hint="Each row of the table has a decision and a reason that belong together.",
            mistake="reason-against-decision",
        )


def _row(
    reasons: tuple[str, ...], why: Callable[[Case, str], tuple[str, str]]
) -> Callable[[_Decided], None]:
    """Make the judge of some rows; `why` names the mistake of a case and what was said instead."""

    def judge(seen: _Decided) -> None:
        case, got = seen.case, seen.reason
        if case.reason not in reasons or got == case.reason:
            return
        mistake, hint = why(case, got)
        raise Wrong(
            saw=f"({got == 'pays'}, {got!r}) for {case.story}",
            expected=f"({case.parallel}, {case.reason!r})",
            hint=hint,
            mistake=mistake,
        )

    return judge


def _check(
    title: str, points: int, reasons: tuple[str, ...], why: Callable[[Case, str], tuple[str, str]]
) -> None:
    declare = should_parallelise.check(
        title, points=points, needs=("returns a decision and a reason",)
    )
    declare(_row(reasons, why))


def _alone(case: Case, got: str) -> tuple[str, str]:
    if got in {"single-call", "chain"}:
        return "single-or-chain", "One call in all, or several that wait for each other?"
    if case.reason == "single-call":
        return (
            "overlaps-nothing",
            "A single call has nothing to overlap with, and that comes first.",
        )
    return "overlaps-a-chain", "In one chain each call needs the one before: nothing can overlap."


def _limit(_case: Case, got: str) -> tuple[str, str]:
    if got == "pays":
        return "ignores-limit", "With one slot the calls queue up, however they were started."
    return "order-of-rows", "The first row that fits decides: the limit comes before conflicts."


def _conflict(case: Case, got: str) -> tuple[str, str]:
    writers = [{r for call in chain for r in call[1:] if r.endswith("!")} for chain in case.chains]
    together = set().union(*writers)
    if got != "pays":
        return "order-of-rows", "The first row that fits decides: right before quick."
    if sum(map(len, writers)) == len(together):
        return "misses-read", "A chain that reads what another writes gets the old or the new."
    return "misses-write", "Two chains that write the same resource: the last one wins, by chance."


_TRAPS = {
    "overhead": (
        "ignores-overhead",
        "Before anything is won the planner has to be paid: take overhead_s off.",
    ),
    "limit": (
        "limit-in-shortest-time",
        "With few slots the work takes at least work / limit, however short the chains are.",
    ),
    "chain": (
        "chain-in-shortest-time",
        "The calls of one chain cannot share the slots: no run is shorter than the longest chain.",
    ),
    "tie": ("zero-gain", "A gain of exactly nothing is not worth any trouble: zero or less."),
}


def _overhead(case: Case, got: str) -> tuple[str, str]:
    if got in {"pays", "too-little"}:
        return _TRAPS[case.trap]
    return "order-of-rows", "No row before this one fits here: look at what it asks for."


def _little(case: Case, got: str) -> tuple[str, str]:
    if got == "pays" and case.overhead_s:
        return (
            "share-before-overhead",
            "What is left of the saving after the overhead counts, as a share of the wait.",
        )
    if got == "pays":
        return (
            "forgets-model",
            "The user also waits for the model: take the share of model_s plus all the work.",
        )
    return "wrong-saving", "Something is saved here: the work minus the shortest possible time."


def _pays(case: Case, got: str) -> tuple[str, str]:
    if got == "conflict":
        own = not case.crosses
        return (
            "conflict-within-chain" if own else "conflict-of-reads",
            "Inside a chain the order is kept anyway: compare calls of different chains."
            if own
            else "Two that only read the same thing do not disturb each other.",
        )
    if got in {"overhead", "too-little"}:
        return (
            "saving-too-small",
            "Shortest time: the higher of longest chain and work / limit; meeting `worth` will do.",
        )
    return "never-parallel", "Nothing stands against it here: say yes where it pays."


_check("single calls and chains", 1, ("single-call", "chain"), _alone)
_check("a limit of one", 1, ("limit-one",), _limit)
_check("conflicts between chains", 2, ("conflict",), _conflict)
_check("overhead", 2, ("overhead",), _overhead)
_check("too little of the wait", 2, ("too-little",), _little)
_check("where it pays", 1, ("pays",), _pays)
