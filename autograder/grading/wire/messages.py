"""The schema: every frame is one of these, decoded by type, or it is refused.

`Item` is a Python value as plain data.  A list, a tuple and a set each keep their kind.  What
cannot be data (a function, a generator, an object with methods) crosses as a `Handle`: a number
that means something only to the side that gave it out.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

__all__ = (
    "Begin",
    "Big",
    "Blocked",
    "Call",
    "Cancel",
    "Event",
    "Failed",
    "Failure",
    "Find",
    "Found",
    "Handle",
    "Item",
    "Kind",
    "Many",
    "Own",
    "Pairs",
    "Param",
    "Printed",
    "Raised",
    "Raw",
    "Record",
    "Reply",
    "Rest",
    "Turn",
    "Warned",
)

Short = Annotated[str, Meta(max_length=200)]
Line = Annotated[str, Meta(max_length=2_000)]
Page = Annotated[str, Meta(max_length=100_000)]
Number = Annotated[int, Meta(ge=0, lt=2**53)]


class _Part(Struct, array_like=True, forbid_unknown_fields=True):
    """Sent as an array: its tag, then its fields."""


# -- values -----------------------------------------------------------------------------------


class Big(_Part, tag="int"):
    """A whole number that does not fit into 64 bits."""

    digits: Annotated[str, Meta(max_length=4_300, pattern=r"^-?0x[0-9a-f]+$")]


class Raw(_Part, tag="raw"):
    """Bytes, or a text that is not valid Unicode (it has surrogates)."""

    kind: Literal["bytes", "text"]
    data: bytes


class Many(_Part, tag="many"):
    """A list, or another of Python's own collections of items."""

    kind: Literal["list", "tuple", "set", "frozenset", "deque", "range"]
    items: list[Item]


class Pairs(_Part, tag="pairs"):
    """A dict, or one of its relatives in the standard library."""

    kind: Literal["dict", "OrderedDict", "defaultdict", "Counter"]
    items: list[tuple[Item, Item]]


class Record(_Part, tag="record"):
    """A value of one of the course's own dataclasses or enumerations."""

    kind: Short
    fields: list[Item]


class Param(_Part):
    """One parameter of a function: its name, its kind as in `inspect`, whether it has a default."""

    name: Short
    kind: Annotated[int, Meta(ge=0, le=4)]
    optional: bool


Kind = Literal[
    "function",
    "coroutine function",
    "generator function",
    "async generator function",
    "coroutine",
    "future",
    "object",
]
Member = Literal["plain", "coroutine", "generator", "async generator", "value"]


class Handle(_Part, tag="handle"):
    """Something that stays with its owner: the other side can call it, or await it."""

    id: Number
    kind: Kind
    name: Short = ""
    doc: Line = ""
    params: Annotated[list[Param], Meta(max_length=100)] | None = None
    members: Annotated[dict[Short, Member], Meta(max_length=200)] = {}


class Own(_Part, tag="own"):
    """Something of the receiver's, come back."""

    id: Number


class Place(_Part):
    """A line that an exception came through, the learner's or a library's, and its text."""

    function: Short
    line: Annotated[int, Meta(ge=0, le=100_000)]
    text: Short = ""
    theirs: bool = True


class Failure(_Part, tag="failure"):
    """An exception: the names of its class and bases, its arguments and its text."""

    types: Annotated[list[Short], Meta(min_length=1, max_length=20)]
    text: Page
    args: list[Item] | None = None
    errors: list[Failure] = []
    where: Annotated[list[Place], Meta(max_length=50)] = []


Item: TypeAlias = (
    bool | int | float | str | Big | Raw | Many | Pairs | Record | Handle | Own | Failure | None
)

# -- events: what happened on one side and matters to the other ---------------------------------


class Call(_Part, tag="call"):
    """Call, await or read something of the receiver's.

    A `task` runs beside whatever else runs; a `thread` of the caller stands still until the
    answer is there; it may be `alone`, and then nothing else can happen there meanwhile.
    `loop` is the event loop that a task is on: 0 is the scene's own, another number is that of
    a thread with a loop of its own.
    `request` is the context variable, `thread` the calling thread's name, `place` where in the
    learner's code it stands if that is the thread of an event loop.
    """

    id: Number
    target: Number
    op: Literal["call", "await", "get"]
    method: Short
    args: list[Item]
    kwargs: dict[Short, Item]
    waits: Literal["task", "thread"]
    request: Line = ""
    thread: Short = ""
    place: Short | None = None
    alone: bool = False
    stamp: Number = 0
    loop: Number = 0


class Reply(_Part, tag="reply"):
    """The answer to a call, and how many tasks the callee left unfinished."""

    id: Number
    value: Item
    left: Number = 0


class Failed(_Part, tag="failed"):
    """A call raised."""

    id: Number
    error: Failure
    left: Number = 0


class Cancel(_Part, tag="cancel"):
    """The caller does not want the answer any more."""

    id: Number


class Raised(_Part, tag="raised"):
    """The scene as a whole ended in an exception: nothing in it can go on."""

    error: Failure
    left: Number = 0


class Blocked(_Part, tag="blocked"):
    """Something stopped the event loop."""

    function: Short
    where: Short
    seconds: float


class Printed(_Part, tag="printed"):
    """Text written to a standard stream."""

    stream: Literal["stdout", "stderr"]
    text: Page


class Warned(_Part, tag="warned"):
    """A warning."""

    category: Short
    text: Line


Event: TypeAlias = Call | Reply | Failed | Cancel | Raised | Blocked | Printed | Warned

# -- messages to the jail -------------------------------------------------------------------


class Find(_Part, tag="find"):
    """What are these names bound to?"""

    names: list[Short]


class Begin(_Part, tag="begin"):
    """A scene begins: its first turn follows."""

    on_loop: bool
    horizon: float
    cpu_seconds: float


class Turn(_Part, tag="turn"):
    """Go on from `now`, alone up to `until`, until nothing can run there without an answer."""

    now: float
    until: float
    events: list[Event]
    stuck: bool = False
    end: bool = False


# -- messages to the witness ----------------------------------------------------------------


class Found(_Part, tag="found"):
    """What the names are bound to; a name that is missing here is not bound."""

    values: dict[Short, Item]


class Rest(_Part, tag="rest"):
    """Nothing can run here before `deadline`, or without an answer.

    The deadline comes with what orders it among events of the same moment on both sides.

    `asks` is the call that a thread stands still for: that may be answered before anything
    else, and other threads may still run.  `blocked` are the event loops that cannot go on
    because their threads stand still elsewhere.  `left` counts tasks that nobody waits for.
    """

    now: float
    deadline: tuple[float, tuple[float, float, int]] | None
    events: list[Event]
    asks: Number = 0
    blocked: Annotated[list[Number], Meta(max_length=1_000)] = []
    left: Number = 0
    over: bool = False
    lost: Annotated[list[Line], Meta(max_length=100)] = []
