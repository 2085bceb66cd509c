"""Exercise `conflicts`: why must the second call wait for the first?"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from toollab.checks._answers import returned
from toollab.checks._exercise import Exercise, Wrong
from toollab.checks.detection._encounters import (
    TURNED,
    UNKNOWN,
    Encounter,
    Encounters,
    encounters,
)
from toollab.clock import Run, attempt

__all__ = ("conflicts",)


@dataclass(frozen=True)
class Met:
    """What was said about each scene, in both orders."""

    scenes: Sequence[Encounter]
    runs: Sequence[Run]

    def of(self, *kinds: str) -> Iterator[tuple[Encounter, Run]]:
        """Yield the scenes of some kinds, each with its run."""
        for scene, run in zip(self.scenes, self.runs, strict=True):
            if scene.kind in kinds:
                yield scene, run


conflicts: Exercise[Encounters, Met] = Exercise("Why a call has to wait", cases=[encounters(1)])


@conflicts.play
def _play(fn: Callable[..., Any], case: Encounters) -> Met:
    scenes = [one for scene in case.scenes for one in (scene, scene.turned)]
    runs = [attempt(fn, s.first, s.second, dict(s.tools)) for s in scenes]
    return Met(scenes, runs)


def _answer(scene: Encounter, run: Run) -> set[str]:
    """Ask for a list of reasons, and return what it holds."""
    expected = f"{sorted(scene.expected)} for {scene.told}"
    value = returned(run, expected)
    if type(value) not in (list, tuple) or not all(type(one) is str for one in value):
        raise Wrong(
            saw=f"a value of type {type(value).__name__} for {scene.told}",
            expected=expected,
            hint="Return a list of reasons: an empty one if the two calls may overlap.",
            mistake="not-a-list",
        )
    if not set(value) <= TURNED.keys() or len(set(value)) < len(value):
        raise Wrong(
            saw=f"{value!r:.160} for {scene.told}",
            expected=expected,
            hint=f"The reasons are {', '.join(TURNED)}, each at most once.",
            mistake="not-a-reason",
        )
    return set(value)


def _look(
    scene: Encounter,
    run: Run,
    why: Callable[[set[str], Collection[str]], tuple[str, str]],
) -> None:
    """Ask for the expected reasons; `why` names the mistake and gives a hint.

    Which reason it is counts in one check only: elsewhere any will do, if there has to be one.
    """
    try:
        got = _answer(scene, run)
    except Wrong as wrong:
        if wrong.mistake == "missing-key":  # what is missing is what this scene is about
            wrong.hint = why(set(), scene.expected)[1]
        raise
    wanted = set(scene.expected)
    exactly = scene.kind == "reasons" or UNKNOWN in got | wanted
    if got != wanted if exactly else bool(got) != bool(wanted):
        mistake, hint = why(got, wanted)
        if got == {UNKNOWN}:
            mistake = "empty-is-unknown"
            hint = (
                "Only `None` says that nobody declared it: an empty tuple says that the tool "
                "touches nothing. Ask with `is None`."
            )
        raise Wrong(
            saw=f"{sorted(got)} for {scene.told}",
            expected=f"{sorted(scene.expected)}",
            hint=hint,
            mistake=mistake,
        )


_LISTED = "returns a list of reasons"


@conflicts.check(_LISTED)
def _returns(seen: Met) -> None:
    for scene, run in zip(seen.scenes, seen.runs, strict=True):
        if scene.kind in {"reasons", "apart", "folder"}:
            _answer(scene, run)


@conflicts.check("names every reason", points=2, needs=[_LISTED])
def _reasons(seen: Met) -> None:
    def why(got: set[str], wanted: Collection[str]) -> tuple[str, str]:
        if got == {TURNED[reason] for reason in wanted}:
            return "wrong-way-round", (
                "The first call comes first: if it writes what the second reads, the second "
                "reads after a write."
            )
        if got < set(wanted):
            return "reason-missed", (
                "Three pairs of sets have to be compared: what the first writes with what the "
                "second reads, what it reads with what the second writes, and both writes."
            )
        return "reason-invented", "Name a reason only if its own two sets share something."

    for scene, run in seen.of("reasons"):
        _look(scene, run, why)


@conflicts.check("readers, and calls on different things, are free", needs=[_LISTED])
def _apart(seen: Met) -> None:
    for scene, run in seen.of("apart"):
        _look(
            scene,
            run,
            lambda _got, _wanted: (
                "needless",
                (
                    "Two calls that only read never conflict, and of two that write each its own "
                    "thing neither has to wait: fill the argument into the declared path, and "
                    "compare whole steps."
                ),
            ),
        )


@conflicts.check("a folder holds what is in it", points=2, needs=[_LISTED])
def _folders(seen: Met) -> None:
    def why(got: set[str], wanted: Collection[str]) -> tuple[str, str]:
        if set(wanted) - got:
            return "only-equal", (
                "Who lists or deletes a folder touches all that is in it: two paths overlap if "
                "one is the beginning of the other, whichever of the two it is."
            )
        return "text-prefix", (
            "Compare step by step, from the first: `q3` is not the beginning of `q3-old`, though "
            "the text is."
        )

    for scene, run in seen.of("folder"):
        _look(scene, run, why)


@conflicts.check("one thing under two spellings is one thing", needs=[_LISTED])
def _spelling(seen: Met) -> None:
    for scene, run in seen.of("spelling"):
        _look(
            scene,
            run,
            lambda _got, _wanted: (
                "spelling",
                (
                    "`./a//b/` and `a/b` are the same place: leave out steps that are empty or `.` "
                    "before you compare."
                ),
            ),
        )


@conflicts.check("an absent argument or a * can be anything", needs=[_LISTED])
def _anything(seen: Met) -> None:
    def why(got: set[str], wanted: Collection[str]) -> tuple[str, str]:
        if set(wanted) - got:
            return "anything-is-nothing", (
                "Without its argument a tool works on all there is: an absent argument, or None, "
                "becomes a `*`, and a step with a `*` in it fits every step."
            )
        return "star-is-everything", (
            "A `*` stands for one step. The steps before it still have to fit; and 0 is an "
            "argument, not an absent one."
        )

    for scene, run in seen.of("anything"):
        _look(scene, run, why)


@conflicts.check("a list stands for each of its items", needs=[_LISTED])
def _lists(seen: Met) -> None:
    for scene, run in seen.of("list"):
        _look(
            scene,
            run,
            lambda _got, _wanted: (
                "list-as-text",
                (
                    "A tool that was given three paths touches three things: fill the path in once "
                    "for each item of the list."
                ),
            ),
        )


@conflicts.check("what nobody declared is unknown", needs=[_LISTED])
def _unknown(seen: Met) -> None:
    for scene, run in seen.of("unknown"):
        _look(
            scene,
            run,
            lambda _got, _wanted: (
                "unknown-is-free",
                (
                    "`None` is not an empty tuple: nobody said what this tool touches, so no other "
                    "call is safe beside it. The same holds for a tool that is not in `tools`."
                ),
            ),
        )
