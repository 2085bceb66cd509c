"""Two calls that meet: what their tools declare, and why one has to wait for the other."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from toollab.calls import JSON, ToolCall, ToolSpec

__all__ = ("TURNED", "UNKNOWN", "Encounter", "Encounters", "encounters")

RAW, WAR, WAW = "read after write", "write after read", "write after write"
UNKNOWN = "unknown"
ALL = (RAW, WAR, WAW)
TURNED = {RAW: WAR, WAR: RAW, WAW: WAW, UNKNOWN: UNKNOWN}
"""Every reason, and what becomes of it if the calls come the other way round."""

Paths = tuple[str, ...]


@dataclass(frozen=True)
class Encounter:
    """Two calls, what their tools declare, and why the second has to wait for the first."""

    kind: str
    first: ToolCall
    second: ToolCall
    tools: Mapping[str, ToolSpec]
    expected: Collection[str]

    @property
    def turned(self) -> Encounter:
        """The same two calls, the other way round."""
        reasons = frozenset(TURNED[reason] for reason in self.expected)
        return Encounter(self.kind, self.second, self.first, self.tools, reasons)

    @property
    def told(self) -> str:
        """The scene in words."""
        calls = " then ".join(
            f"{call.name}({', '.join(f'{k}={v!r}' for k, v in call.arguments.items())})"
            for call in (self.first, self.second)
        )
        names = dict.fromkeys((self.first.name, self.second.name))
        return f"{calls} [{'; '.join(self._declared(name) for name in names)}]"

    def _declared(self, name: str) -> str:
        spec = self.tools.get(name)
        if spec is None:
            return f"no tool {name}"
        told = [
            f"{verb} {'nobody knows what' if paths is None else ', '.join(paths) or 'nothing'}"
            for verb, paths in (("reads", spec.reads), ("writes", spec.writes))
        ]
        return f"{name} {', '.join(told)}"


@dataclass(frozen=True)
class Encounters:
    """Some scenes that are judged together, each in both orders."""

    scenes: Sequence[Encounter]


def encounters(seed: int) -> Encounters:
    """Make scenes of every kind, with other names of tools, resources and arguments.

    Where a scene is about paths, both calls read and write: whoever forgets one of the reasons
    still has another one to name there.
    """
    chance = random.Random(seed)  # noqa: S311 - chance, not secrets
    root, other = chance.sample(("files", "orders", "tickets", "pages", "rooms"), 2)
    key = chance.choice(("path", "item", "where"))
    a, b, c = chance.sample(("ada", "kestrel", "q3", "lisbon", "m41", "blue"), 3)
    each = f"{root}/{{{key}}}"
    pair = _Pair(chance.choice(("get", "fetch", "view")), chance.choice(("set", "put", "drop")))
    got, put, edit = ((each,), ()), ((), (each,)), ((each,), (each,))
    move = ((f"{root}/{{{key}}}",), (f"{root}/{{to}}",))
    at = {key: f"{a}/{b}"}
    same = [
        pair("reasons", put, at, got, at, RAW),
        pair("reasons", put, at, put, at, WAW),
        pair("reasons", edit, at, edit, at, *ALL),
        pair("reasons", move, {key: a, "to": b}, move, {key: b, "to": c}, RAW),
        pair("reasons", (("clock",), (each,)), at, ((), ("clock", each)), at, WAR, WAW),
        pair("reasons", ((), ("mode",)), {}, (("mode",), ()), {}, RAW),
    ]
    apart = [
        pair("apart", got, at, got, at),
        pair("apart", put, at, put, {key: f"{a}/{c}"}),
        pair("apart", put, at, ((), (f"{other}/{{{key}}}",)), at),
        pair("apart", put, {key: 7}, put, {key: 8}),
        pair("apart", ((), ()), at, ((each,), (each,)), at),
    ]
    folders = [
        pair("folder", edit, at, edit, {key: a}, *ALL),
        pair("folder", edit, at, ((root,), (root,)), {}, *ALL),
        pair("folder", edit, {key: a}, edit, {key: f"{a}/{b}/{c}"}, *ALL),
        pair("folder", put, {key: a}, put, {key: f"{a}{b}"}),
        pair("folder", put, {key: 7}, put, {key: 71}),
        pair("folder", put, {key: f"{a}/{b}"}, got, {key: f"{a}/{b}.{c}"}),
        pair("folder", put, {key: f"{b}/{a}"}, got, {key: a}),
    ]
    spelling = [
        pair("spelling", edit, {key: f"./{a}/{b}"}, edit, at, *ALL),
        pair("spelling", edit, {key: f"{a}//{b}/"}, edit, at, *ALL),
        pair("spelling", put, {key: f"/{a}/./{b}"}, put, {key: f"{a}/{c}"}),
        pair("spelling", edit, {key: f"{a}/."}, edit, {key: a}, *ALL),
    ]
    meta = (f"{each}/meta",), (f"{each}/meta",)
    anything = [
        pair("anything", edit, {}, edit, {key: a}, *ALL),
        pair("anything", edit, {key: None}, edit, {key: b}, *ALL),
        pair("anything", edit, {key: f"*/{b}"}, edit, at, *ALL),
        pair("anything", edit, {key: f"{a}/*.md"}, edit, {key: f"{a}/{b}.md"}, *ALL),
        pair("anything", put, {key: f"{a}/*"}, got, {key: f"{c}/{b}"}),
        pair("anything", put, {}, ((), (f"{other}/{{{key}}}",)), at),
        pair("anything", put, {key: 0}, got, {key: 1}),
        pair("anything", ((), (f"{each}/meta",)), {}, ((f"{each}/text",), ()), at),
        pair("anything", meta, {}, meta, {key: c}, *ALL),
    ]
    lists = [
        pair("list", edit, {key: [a, b]}, edit, {key: b}, *ALL),
        pair("list", put, {key: [a, b]}, got, {key: c}),
        pair("list", edit, {key: [f"{a}/x", c]}, edit, {key: [b, c]}, *ALL),
        pair("list", put, {key: []}, got, {key: a}),
    ]
    unknown = [
        pair("unknown", None, at, got, {key: c}, UNKNOWN),
        pair("unknown", ((), None), at, ((), ()), {}, UNKNOWN),
        pair("unknown", (None, ()), at, got, at, UNKNOWN),
        pair("unknown", None, {}, None, {}, UNKNOWN),
        pair("unknown", (None, (each,)), at, put, at, UNKNOWN),
    ]
    return Encounters((*same, *apart, *folders, *spelling, *anything, *lists, *unknown))


@dataclass(frozen=True)
class _Pair:
    """Makes scenes of two tools with these names."""

    one: str
    other: str

    def __call__(
        self,
        kind: str,
        declared: tuple[Paths | None, Paths | None] | None,
        arguments: Mapping[str, JSON],
        also_declared: tuple[Paths | None, Paths | None] | None,
        also: Mapping[str, JSON],
        *reasons: str,
    ) -> Encounter:
        """Make a scene: what the first tool reads and writes, its arguments; then the second's."""
        tools = {
            name: ToolSpec(name, "", reads=given[0], writes=given[1])
            for name, given in ((self.one, declared), (self.other, also_declared))
            if given is not None
        }
        return Encounter(
            kind,
            ToolCall("call_1", self.one, dict(arguments)),
            ToolCall("call_2", self.other, dict(also)),
            tools,
            frozenset(reasons),
        )
