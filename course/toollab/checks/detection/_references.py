"""Exercise `references`: which calls do these arguments refer to?"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from toollab.calls import JSON
from toollab.checks._answers import returned
from toollab.checks._exercise import Exercise, Wrong
from toollab.clock import Run, attempt

__all__ = ("Mention", "Mentions", "mentions", "references")


@dataclass(frozen=True)
class Mention:
    """Arguments, the ids there are, and those that are referred to."""

    kind: str
    arguments: Mapping[str, JSON]
    ids: Sequence[str]
    expected: Sequence[str]

    @property
    def told(self) -> str:
        """The scene in words."""
        text = json.dumps(self.arguments, ensure_ascii=False)
        return f"{text if len(text) <= 200 else text[:200] + '…'}, ids {', '.join(self.ids)}"


@dataclass(frozen=True)
class Mentions:
    """Some scenes that are judged together."""

    scenes: Sequence[Mention]


@dataclass(frozen=True)
class Found:
    """What was found in each scene."""

    case: Mentions
    runs: Sequence[Run]

    def of(self, *kinds: str) -> Iterator[tuple[Mention, Run]]:
        """Yield the scenes of some kinds, each with its run."""
        for scene, run in zip(self.case.scenes, self.runs, strict=True):
            if scene.kind in kinds:
                yield scene, run


_WRITTEN = (
    ("${}", True),
    ("${}$", True),
    ("${{{}}}", True),
    ("{{{{{}}}}}", True),
    ("{{{{ {} }}}}", True),
    ("#{}", False),
    ("<{}>", False),
    ("<output-of-{}>", False),
    ("<GENERATED>-{}", False),
    ("<GENERATED-{}>", False),
)
"""Each way to write a reference, and whether a path may follow the id."""

_WORDS = ("total of", "compare", "mail to Ada:", "summary,", "rate for")
_NAMES = ("city", "text", "amount", "body", "query", "unit")


def mentions(seed: int) -> Mentions:
    """Make scenes of every kind, around other ids and words."""
    chance = random.Random(seed)  # noqa: S311 - chance, not secrets
    few = [f"call_{n}" for n in chance.sample(range(11, 99), 4)]
    names = chance.sample(_NAMES, 4)
    mentioned: list[Mention] = [
        _scene(chance, "mark", {names[0]: _write(chance, how, few[2])}, few, [few[2]])
        for how in _WRITTEN
    ]
    one, two, three, _ = few
    plain = [item for item in _WRITTEN if item[1]]

    def ref(call: str) -> str:
        return _write(chance, chance.choice(plain), call)

    word = chance.choice(_WORDS)
    mentioned += [
        _scene(chance, "deep", {names[0]: f"{word} {ref(one)} and {ref(two)}."}, few, [one, two]),
        _scene(chance, "deep", {names[0]: [3, ref(two), word]}, few, [two]),
        _scene(chance, "deep", {names[1]: {"x": [{"y": ref(three)}, None]}}, few, [three]),
        _scene(chance, "deep", {names[2]: word, names[3]: ref(one)}, few, [one]),
        _scene(
            chance, "once", {n: ref(c) for n, c in zip(names, few[::-1], strict=True)}, few, few
        ),
        _scene(chance, "once", {names[0]: f"{ref(two)} {ref(one)} {ref(two)}"}, few, [one, two]),
    ]
    return Mentions((*mentioned, *_whole(chance, names, word), *_plain(chance, names, word)))


def _whole(chance: random.Random, names: Sequence[str], word: str) -> list[Mention]:
    """Make scenes in which an id begins with another one."""
    n = chance.randrange(1, 9)
    short, long = f"call_{n}", f"call_{n}{chance.randrange(10)}"
    stem = chance.choice(("lookup", "price", "visa"))
    dashed = [stem, f"{stem}-{n}"]
    return [
        _scene(chance, "whole", {names[0]: f"${long}"}, [short, long], [long]),
        _scene(chance, "whole", {names[0]: f"{word} ${{{short}.x}}"}, [long, short], [short]),
        _scene(chance, "whole", {names[1]: f"${long}"}, [short], []),
        *(
            Mention("whole", {names[1]: f"<{dashed[1]}>"}, order, [dashed[1]])
            for order in (dashed, dashed[::-1])
        ),
        _scene(chance, "whole", {names[2]: f"${n}{n}"}, [str(n), f"{n}{n}"], [f"{n}{n}"]),
        _scene(chance, "whole", {names[2]: f"${short}_total"}, [short], []),
    ]


def _plain(chance: random.Random, names: Sequence[str], word: str) -> list[Mention]:
    """Make scenes without a reference, and some that look like those without."""
    n = chance.randrange(1, 9)
    ids = [str(n), f"call_{n}"]
    price = f"{word} ${n}.{chance.randrange(10, 99)}"
    return [
        _scene(chance, "plain", {names[0]: f"{word} call_{n}", names[1]: n}, ids, []),
        _scene(
            chance,
            "plain",
            {names[0]: price, names[1]: f"${n},{chance.randrange(100, 999)}"},
            ids,
            [],
        ),
        _scene(chance, "plain", {f"$call_{n}": word}, ids, []),
        _scene(chance, "plain", {}, ids, []),
        _scene(chance, "plain", {names[0]: f"{word} $call_{n}"}, [], []),
        _scene(chance, "no price", {names[2]: f"${n}.", names[3]: 1}, ids, [str(n)]),
        _scene(chance, "no price", {names[2]: f"${{{n}.price}}, {word}"}, ids, [str(n)]),
        _scene(chance, "no price", {names[2]: f"${{call_{n}.0.price}}"}, ids, [f"call_{n}"]),
    ]


def _scene(
    chance: random.Random,
    kind: str,
    arguments: Mapping[str, JSON],
    ids: Sequence[str],
    expected: Sequence[str],
) -> Mention:
    """Note a scene; the ids stand in some order, and what is expected stands in that order."""
    order = list(ids)
    chance.shuffle(order)
    return Mention(kind, arguments, order, [one for one in order if one in expected])


def _write(chance: random.Random, how: tuple[str, bool], call: str) -> str:
    shape, pathed = how
    path = chance.choice(("", ".city", "[0].name", ".rows[2]")) if pathed else ""
    return shape.format(call + path)


references: Exercise[Mentions, Found] = Exercise(
    "Which calls are referred to",
    cases=[
        Mentions(
            (
                Mention("mark", {"to": "${call_1.mail}"}, ["call_1", "call_2"], ["call_1"]),
                *mentions(5).scenes,
            )
        )
    ],
)


@references.play
def _play(fn: Callable[..., Any], case: Mentions) -> Found:
    return Found(
        case,
        [attempt(fn, copy.deepcopy(dict(s.arguments)), list(s.ids)) for s in case.scenes],
    )


def _answer(scene: Mention, run: Run) -> list[str]:
    """Ask for a list of ids, and return that."""
    expected = f"{list(scene.expected)} for {scene.told}"
    value = returned(run, expected)
    if type(value) in (list, tuple) and all(type(one) is str for one in value):
        return list(value)
    raise Wrong(
        saw=f"a value of type {type(value).__name__} for {scene.told}",
        expected=expected,
        hint="Return a list with the ids; if nothing is referred to, an empty list.",
        mistake="not-a-list",
    )


def _look(scene: Mention, run: Run, *, lost: tuple[str, str], extra: tuple[str, str]) -> None:
    """Ask for exactly the expected ids; `lost` and `extra` are a mistake and a hint each."""
    got = set(_answer(scene, run))
    wanted = set(scene.expected)
    if got == wanted:
        return
    mistake, hint = lost if wanted - got else extra
    raise Wrong(
        saw=f"{sorted(got)} for {scene.told}",
        expected=f"{list(scene.expected)}",
        hint=hint,
        mistake=mistake,
    )


_MARKS = (
    "mark-missed",
    (
        "Planners write references in several ways: look for every mark in `MARKS`, and for the id "
        "directly behind it."
    ),
)
_DEPTH = (
    "not-everywhere",
    (
        "Arguments are a tree: look into the items of lists and the values of dicts, and find all "
        "references of a text, not only the first or a text that is nothing else."
    ),
)
_PART = (
    "part-of-an-id",
    (
        "An id ends where no letter, digit or underscore follows; and of two ids that fit, the "
        "longer one is meant: `$call_12` is not call_1."
    ),
)
_LOOSE = (
    "no-reference",
    (
        "Without a mark directly before it an id is a word like any other; a name of an argument "
        "is no reference, and `$1.50` is a price."
    ),
)


@references.check("returns a list of ids")
def _returns(seen: Found) -> None:
    for scene, run in zip(seen.case.scenes, seen.runs, strict=True):
        _answer(scene, run)


@references.check("finds an id behind every mark", needs=["returns a list of ids"])
def _marks(seen: Found) -> None:
    for scene, run in seen.of("mark"):
        _look(scene, run, lost=_MARKS, extra=_PART)


@references.check("finds them all, at any depth", needs=["returns a list of ids"])
def _deep(seen: Found) -> None:
    for scene, run in seen.of("deep"):
        _look(scene, run, lost=_DEPTH, extra=_PART)


@references.check("each id once, in the order of ids", needs=["returns a list of ids"])
def _once(seen: Found) -> None:
    for scene, run in seen.of("once", "deep"):
        got, wanted = _answer(scene, run), list(scene.expected)
        if set(got) != set(wanted) and scene.kind == "deep":
            continue  # judged above
        if got != wanted:
            raise Wrong(
                saw=f"{got} for {scene.told}",
                expected=f"{wanted}",
                hint="Collect what you find, then walk through `ids` and keep those you found.",
                mistake="twice" if len(set(got)) < len(got) else "other-order",
            )


@references.check("takes the whole id", needs=["returns a list of ids"])
def _exact(seen: Found) -> None:
    for scene, run in seen.of("whole"):
        _look(scene, run, lost=_PART, extra=_PART)


@references.check("words and prices are no references", needs=["returns a list of ids"])
def _words(seen: Found) -> None:
    for scene, run in seen.of("plain", "no price"):
        _look(scene, run, lost=_PRICE, extra=_LOOSE)


_PRICE = (
    "taken-for-a-price",
    (
        "Only an id of digits can be mistaken for a price, and only if `.` or `,` **and a digit** "
        "follow: `${rows.0.name}` and `$1.` are references."
    ),
)
