"""Exercise `merge_state`: what parallel calls changed, merged the same way every time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from toollab.calls import JSON
from toollab.checks._answers import returned
from toollab.checks._exercise import Exercise, Wrong
from toollab.checks.aggregation._states import State, equal, fresh
from toollab.clock import Run, attempt

__all__ = ("merge_state",)

_ABSENT = object()


@dataclass(frozen=True, slots=True)
class _Merged:
    """One case, and a run for each order in which its updates arrived."""

    case: State
    runs: tuple[Run, ...]

    @property
    def states(self) -> list[dict[str, JSON]]:
        """What came back from the runs that did not raise."""
        return [run.value for run in self.runs if run.error is None]

    @property
    def new_keys(self) -> list[str]:
        """The keys with a reducer that the calls write and base does not have."""
        case = self.case
        return [key for key in case.reducers if key not in case.base and case.writers(key)]


_NIGHT = State(
    base={"ticket": 881, "tokens": 100, "notes": ["opened"]},
    changes=(
        {"tokens": 40, "worst": 2, "notes": ["pool full"], "sources": ["log", "status"]},
        None,
        {"tokens": 7, "worst": 3, "notes": ["release 412"], "sources": ["log"]},
        {"tokens": 30, "worst": 1, "notes": ["payments fine"], "suspect": "release 412"},
    ),
    merged={
        "ticket": 881,
        "tokens": 177,
        "worst": 3,
        "notes": ["opened", "pool full", "release 412", "payments fine"],
        "sources": ["log", "status"],
        "suspect": "release 412",
    },
)

merge_state: Exercise[State, _Merged] = Exercise(
    "Merge what parallel calls changed",
    cases=[
        _NIGHT,
        State(
            base={"tokens": 0, "suspect": "nobody"},
            changes=({"tokens": 5, "suspect": "pool"}, None, {"suspect": "release 412"}),
            clash=("suspect",),
        ),
        State(
            base={"suspect": "nobody"},
            changes=({"suspect": "pool"}, {"tokens": 3}),
            merged={"suspect": "pool", "tokens": 3},
        ),
        State(base={}, changes=({"suspect": "pool"}, {"suspect": "pool"}), clash=("suspect",)),
        State(base={"suspect": "pool"}, changes=({"suspect": None},), merged={"suspect": None}),
        State(base={}, changes=({"worst": -4}, {"worst": -2}), merged={"worst": -2}),
        State(base={"worst": 0}, changes=({"worst": -3},), merged={"worst": 0}),
    ],
)


@merge_state.play
def _play(fn: Any, case: State) -> _Merged:
    runs = [
        attempt(fn, fresh(case.base), case.calls(), updates, case.functions())
        for updates in case.orders()
    ]
    return _Merged(case, tuple(runs))


@merge_state.check("returns a state")
def _state(seen: _Merged) -> None:
    for run in seen.runs:
        if isinstance(run.error, KeyError) and any(i in str(run.error) for i in seen.case.quiet()):
            raise Wrong(
                saw=f"KeyError: {run.error}",
                expected="a state: that call failed, and has no update",
                hint="A call that failed has changed nothing: ask with updates.get(call.id, {}).",
                mistake="expects-every-update",
            )
        if seen.case.clash or (isinstance(run.error, KeyError | TypeError) and seen.new_keys):
            continue  # told by the check on two writers, or by the one on first values
        value = returned(run, "a dict, the merged state")
        if not isinstance(value, dict):
            raise Wrong(
                saw=f"a value of type {type(value).__name__}",
                expected="a dict, the merged state",
                hint="Return one dict with all keys: those of base, and those that were written.",
                mistake="not-a-state",
            )


@merge_state.check("keeps what at most one has written", needs=["returns a state"])
def _plain_keys(seen: _Merged) -> None:
    case = seen.case
    for state in () if case.clash else seen.states:
        for key, value in case.merged.items():
            writers = case.writers(key)
            if (key in case.reducers and writers) or equal(state.get(key, _ABSENT), value):
                continue
            raise Wrong(
                saw=f"{key} is {state[key]!r}" if key in state else f"there is no {key}",
                expected=f"{key} is {value!r}",
                hint="A key that one call wrote has that call's value, whatever it is."
                if writers
                else "What no call wrote stays as it is in base.",
                mistake="write-lost" if writers else "base-lost",
            )
        extra = sorted(str(key) for key in state.keys() - case.merged.keys())
        if extra:
            raise Wrong(
                saw=f"a key {extra[0]} that nobody wrote",
                expected=f"the keys {', '.join(case.merged)}",
                hint="The state has the keys of base and those that a call wrote, and no others.",
                mistake="key-made-up",
            )


@merge_state.check("a first value needs no old one", needs=["returns a state"])
def _first_value(seen: _Merged) -> None:
    case = seen.case
    for run in () if case.clash else seen.runs:
        if run.error is not None:
            raise Wrong(
                saw=f"{type(run.error).__name__}: {run.error}",
                expected="the first value, where neither base nor a call before has any",
                hint="A reducer needs two values. If there is no old one, the new one is taken "
                "as it is.",
                mistake="reduces-nothing",
            )
        for key in seen.new_keys:
            if len(case.writers(key)) == 1 and not equal(
                run.value.get(key, _ABSENT), case.merged[key]
            ):
                raise Wrong(
                    saw=f"{key} is {run.value.get(key)!r}",
                    expected=f"{case.merged[key]!r}, the only value written",
                    hint="An old value of 0, [] or None is a guess that does not suit every "
                    "reducer: take the first value as it is.",
                    mistake="guesses-old",
                )


@merge_state.check(
    "reducers join old and new",
    points=2,
    needs=["returns a state", "a first value needs no old one"],
)
def _reduced(seen: _Merged) -> None:
    case = seen.case
    if case.clash:
        return
    in_order = seen.states[0]  # the updates arrived in call order
    for key in case.reducers:
        if not case.writers(key) or equal(in_order.get(key, _ABSENT), case.merged[key]):
            continue
        mistake, hint = _why_not_reduced(case, key, in_order.get(key))
        raise Wrong(
            saw=f"{key} is {in_order.get(key)!r}",
            expected=repr(case.merged[key]),
            hint=hint,
            mistake=mistake,
        )


def _why_not_reduced(case: State, key: str, got: Any) -> tuple[str, str]:
    values = case.written(key)
    if key in case.base and not case.base[key]:
        return "empty-taken-for-none", (
            "0 and an empty list are old values too: ask whether the key is in the state, not "
            "whether its value counts as true."
        )
    if values and equal(got, values[-1]):
        return "last-writer-wins", (
            "Only the last update is left: reduce what is there with what comes, do not replace it."
        )
    if values and equal(got, values[0]):
        return "first-writer-wins", "Only the first update is left: every later one counts too."
    if got is not None and equal(got, case.without_base(key)):
        return "base-not-reduced", (
            "The value in base is the first old one: reduce it with the first update."
        )
    want = case.merged[key]
    if type(got) is type(want) is list and sorted(map(repr, got)) == sorted(map(repr, want)):
        return "swapped-arguments", "A reducer takes the old value first and the new one second."
    return "wrongly-reduced", "Call reducer(old, new) once for each update of the key."


@merge_state.check("the order of arrival changes nothing", needs=["reducers join old and new"])
def _same_order(seen: _Merged) -> None:
    if seen.case.clash:
        return
    for updates, state in zip(seen.case.orders(), seen.states, strict=True):
        for key, want in seen.states[0].items():
            if not equal(state.get(key, _ABSENT), want):
                raise Wrong(
                    saw=f"{key} is {state.get(key)!r}, updates arriving as {', '.join(updates)}",
                    expected=repr(want),
                    hint="Not every reducer can be shuffled: walk through the calls, not through "
                    "the updates.",
                    mistake="arrival-order",
                )


@merge_state.check("two writers need a reducer", points=2)
def _clash(seen: _Merged) -> None:
    for run in () if seen.case.clash else seen.runs:
        if isinstance(run.error, ValueError):
            raise Wrong(
                saw=f"ValueError: {run.error}",
                expected="a state: no key without a reducer has two writers here",
                hint="base is no writer, and a key with a reducer may have many.",
                mistake="raises-for-nothing",
            )
    for key in seen.case.clash[:1]:
        for run in seen.runs:
            _raises(run, seen.case, key)


def _raises(run: Run, case: State, key: str) -> None:
    """Ask of a run in which two calls wrote `key` that it raised, and named the key."""
    if run.error is None:
        values = case.written(key)
        alike = all(equal(value, values[0]) for value in values)
        raise Wrong(
            saw=f"a state, though {' and '.join(case.writers(key))} both write {key}",
            expected="ValueError",
            hint="That they wrote the same this time is luck: it is still two writers."
            if alike
            else "Without a reducer nobody knows whose value counts: raise, do not choose.",
            mistake="luck-counts" if alike else "silent-overwrite",
        )
    if not isinstance(run.error, ValueError):
        raise Wrong(
            saw=f"{type(run.error).__name__}: {run.error}",
            expected="ValueError",
            hint="Whoever calls you wants to catch this one error: raise ValueError.",
            mistake="other-error",
        )
    if not any(known in str(run.error) for known in case.clash):
        raise Wrong(
            saw=f"ValueError: {run.error}",
            expected=f"a message that names the key {key}",
            hint="Say which key two calls have written: that is where a reducer is missing.",
            mistake="key-not-named",
        )
