"""Exercise `resolve_refs`: references in arguments become what they stand for."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from toollab.calls import JSON
from toollab.checks._answers import returned
from toollab.checks._exercise import Exercise, Wrong
from toollab.checks.dependencies._scenes import TRIP, Filling, Scene
from toollab.clock import Run, Stuck, attempt

__all__ = ("resolve_refs", "same")


def same(one: JSON, other: JSON) -> bool:
    """Tell whether two JSON values are equal, types included: `1`, `1.0` and `True` differ."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


@dataclass(frozen=True)
class Filled:
    """What became of the scenes: a run for each, under the same name."""

    case: Filling
    runs: Mapping[str, Sequence[Run]]
    all_runs: Sequence[Run]

    def of(self, name: str) -> list[tuple[Scene, Run]]:
        """Return the scenes of one kind, each with its run."""
        return list(zip(getattr(self.case, name), self.runs[name], strict=True))


_KINDS = ("plain", "whole", "inside", "nested", "once", "missing")

resolve_refs: Exercise[Filling, Filled] = Exercise("References become values", cases=[TRIP])


@resolve_refs.play
def _play(fn: Callable[..., Any], case: Filling) -> Filled:
    def run(scene: Scene) -> Run:
        arguments, results = copy.deepcopy((dict(scene.arguments), dict(scene.results)))
        return attempt(fn, arguments, results)

    runs = {name: [run(scene) for scene in getattr(case, name)] for name in _KINDS}
    return Filled(case, runs, [run for name in _KINDS for run in runs[name]])


def _told(value: JSON) -> str:
    text = json.dumps(value, ensure_ascii=False, default=repr)
    return text if len(text) <= 160 else f"{text[:160]}…"


def _filled(scene: Scene, run: Run) -> dict[str, JSON]:
    """Ask that arguments came out, with the names they went in with."""
    expected = _told(scene.expected)
    if isinstance(run.error, LookupError):
        raise Wrong(
            saw=f"{type(run.error).__name__}: {run.error} for {_told(scene.arguments)}",
            expected=expected,
            hint="Every reference in there leads somewhere. A path goes through dicts by key and "
            "through lists by number; `int('1')` is 1.",
            mistake="lost-on-the-way",
        )
    value = returned(run, expected)
    if type(value) is not dict or value.keys() != scene.arguments.keys():
        raise Wrong(
            saw=f"{_told(value)} for {_told(scene.arguments)}",
            expected=expected,
            hint="Return a dict of arguments with the same names.",
            mistake="not-arguments",
        )
    return value


def _look(scene: Scene, run: Run, why: Callable[[JSON, JSON], tuple[str, str]]) -> None:
    """Ask that the arguments came out as expected; `why` names the mistake and gives a hint."""
    value = _filled(scene, run)
    for name, wanted in scene.expected.items():
        if not same(value[name], wanted):
            mistake, hint = why(value[name], wanted)
            raise Wrong(
                saw=f"{_told(scene.arguments[name])} became {_told(value[name])}",
                expected=_told(wanted),
                hint=hint,
                mistake=mistake,
            )


@resolve_refs.check("what is no reference stays as it is")
def _plain(seen: Filled) -> None:
    for scene, run in seen.of("plain"):
        _look(
            scene,
            run,
            lambda _got, _wanted: (
                "plain-changed",
                "Only what `REF` matches is a reference; other texts and values are handed on.",
            ),
        )


@resolve_refs.check("a value that is one reference keeps its type", points=2)
def _whole(seen: Filled) -> None:
    def why(got: JSON, wanted: JSON) -> tuple[str, str]:
        if type(got) is str and "${" in got:
            if not wanted:
                return "falsy-missing", _FALSY
            return "left-standing", "A reference was not replaced: follow the whole path."
        return "type-lost", (
            "If the text is nothing but one reference (`REF.fullmatch`), return the value itself: "
            "a tool that adds prices needs numbers, not texts."
        )

    for scene, run in seen.of("whole"):
        if isinstance(run.error, LookupError) and not all(scene.expected.values()):
            raise Wrong(
                saw=f"{type(run.error).__name__}: {run.error} for {_told(scene.arguments)}",
                expected=_told(scene.expected),
                hint=_FALSY,
                mistake="falsy-missing",
            )
        _look(scene, run, why)


_FALSY = (
    "`0`, `false`, `null`, an empty text and an empty list are results, too: ask whether "
    "something is there, not whether it is true."
)


@resolve_refs.check("inside a longer text it becomes text")
def _inside(seen: Filled) -> None:
    def why(got: JSON, wanted: JSON) -> tuple[str, str]:
        if type(got) is str and "${" in got:
            return "first-only", "A text can hold several references: `REF.sub` replaces them all."
        if (
            type(got) is str
            and len(got) > len(wanted)
            and got.replace('"', "") == wanted.replace('"', "")
        ):
            return "quoted-text", "A text goes in as it is; only other values through `json.dumps`."
        return "python-spelling", (
            "The reader is a tool that speaks JSON: `json.dumps` writes true and null "
            "where `str` writes True and None."
        )

    for scene, run in seen.of("inside"):
        _look(scene, run, why)


@resolve_refs.check("references in lists and dicts are found")
def _nested(seen: Filled) -> None:
    def why(got: JSON, wanted: JSON) -> tuple[str, str]:
        if "${" in json.dumps(got, default=repr):
            return "top-level-only", (
                "Arguments are a tree: a function that handles one value can call itself "
                "for each item of a list and each value of a dict."
            )
        one, other = json.dumps(got, default=repr), json.dumps(wanted)
        if one != other and one.replace('"', "") == other.replace('"', ""):
            return "type-lost-inside", "A reference deep inside keeps its type as one on top does."
        return "shape-changed", "A list stays a list and a dict a dict; only references change."

    for scene, run in seen.of("nested"):
        _look(scene, run, why)


@resolve_refs.check("what a result brought is not searched again", points=2)
def _once(seen: Filled) -> None:
    for scene, run in seen.of("once"):
        expected = _told(scene.expected)
        if isinstance(run.error, LookupError | Stuck):
            raise Wrong(
                saw=f"{type(run.error).__name__} for {_told(scene.arguments)}",
                expected=expected,
                hint=_ONCE,
                mistake="searched-again",
            )
        _look(scene, run, lambda _got, _wanted: ("searched-again", _ONCE))


_ONCE = (
    "A result is data from outside. If it holds `${…}`, that is its text and no reference: replace "
    "all references in one pass over the text you were given, and leave the values alone."
)


@resolve_refs.check("a reference that leads nowhere is named")
def _missing(seen: Filled) -> None:
    for scene, run in seen.of("missing"):
        expected = f"a LookupError whose text names {scene.missing}"
        error = run.error
        if error is None:
            raise Wrong(
                saw=f"{_told(scene.arguments)} became {_told(run.value)}",
                expected=expected,
                hint="A tool that is called with a reference as its argument fails later and "
                "further away, or works with the wrong thing: raise at once.",
                mistake="missing-ignored",
            )
        saw = f"{type(error).__name__}: {error} for {_told(scene.arguments)}"
        if not isinstance(error, LookupError):
            raise Wrong(
                saw=saw,
                expected=expected,
                hint="A path leads on only from a dict, by a key it has, or from a list, by a "
                "number below its length. Look first, then raise KeyError(reference).",
                mistake="other-error",
            )
        if scene.missing not in str(error):
            raise Wrong(
                saw=saw,
                expected=expected,
                hint="The last key alone does not tell the model what to correct: "
                "put the whole reference into the error.",
                mistake="unnamed",
            )
