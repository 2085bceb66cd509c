"""Exercise `build_request`: one question, three APIs, and the knob for parallel calls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from toollab.calls import JSON
from toollab.checks._answers import returned
from toollab.checks._exercise import Exercise, Wrong
from toollab.clock import Run, attempt

__all__ = ("Api", "Wanted", "build_request", "short")

Api = Literal["messages", "chat", "responses"]

_TOOLS: tuple[tuple[str, str, dict[str, JSON]], ...] = (
    ("get_customer", "Look up a customer.", {"customer_id": {"type": "integer"}}),
    ("get_time", "Tell the time.", {}),
    ("search_docs", "Search the manual.", {"query": {"type": "string"}, "limit": {}}),
    ("parameters", "Show the settings.", {"name": {"type": "string"}}),
)
_PROMPTS = (
    "Give me the full picture on customer 1234.",
    "Compare Kestrel and Merlin, and send me the result.",
    "Wie ist das Wetter in Zürich?",
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question, `count` tools, and what is wanted of parallel calls; `None` is nothing."""

    api: Api
    count: int
    parallel: bool | None
    seed: int = 0

    @property
    def prompt(self) -> str:
        """The user's words."""
        return _PROMPTS[self.seed % len(_PROMPTS)]

    @property
    def tools(self) -> list[dict[str, Any]]:
        """The tools in no vendor's form."""
        chosen = [_TOOLS[(self.seed + place) % len(_TOOLS)] for place in range(self.count)]
        return [
            {
                "name": name,
                "description": about,
                "parameters": {"type": "object", "properties": dict(properties)},
            }
            for name, about, properties in chosen
        ]

    @property
    def told(self) -> str:
        """The case in words."""
        return f"for {self.api!r} with {self.count} tools and parallel={self.parallel}"


@dataclass(frozen=True, slots=True)
class _Built:
    case: Wanted
    run: Run

    @property
    def request(self) -> dict[str, Any]:
        return dict(self.run.value)


build_request: Exercise[Wanted, _Built] = Exercise(
    "Build a request for three APIs",
    cases=[
        Wanted("messages", 2, parallel=False),
        Wanted("chat", 2, parallel=False),
        Wanted("responses", 2, parallel=False),
        Wanted("messages", 1, parallel=True, seed=1),
        Wanted("responses", 1, parallel=None, seed=2),
        Wanted("chat", 0, parallel=True),
    ],
)


@build_request.play
def _build(fn: Any, case: Wanted) -> _Built:
    return _Built(case, attempt(fn, case.prompt, case.tools, case.api, parallel=case.parallel))


_KNOBS = {"tool_choice", "parallel_tool_calls", "disable_parallel_tool_use"}


@build_request.check("returns a dict of its own")
def _a_dict(seen: _Built) -> None:
    expected = "a dict: the body of the request"
    value = returned(seen.run, expected)
    if type(value) is not dict:
        raise Wrong(
            saw=f"a value of type {type(value).__name__}",
            expected=expected,
            hint="The request is a dict; sending it, and turning it into JSON, is not your part.",
            mistake="not-a-dict",
        )
    others = [str(key) for key in value if key not in {"messages", "input", "tools", *_KNOBS}]
    if others:
        raise Wrong(
            saw=f"the keys {', '.join(map(str, value))}",
            expected="the prompt, the tools and the knob, and nothing else",
            hint="What all requests share, such as the model, is added by who sends them.",
            mistake="other-keys",
        )


@build_request.check("carries the prompt", needs=("returns a dict of its own",))
def _the_prompt(seen: _Built) -> None:
    case, request = seen.case, seen.request
    key, other = ("input", "messages") if case.api == "responses" else ("messages", "input")
    message = {"role": "user", "content": case.prompt}
    fine = [[message], case.prompt] if case.api == "responses" else [[message]]
    if request.get(key) not in fine or other in request:
        raise Wrong(
            saw=f"{case.told}: {short({k: request[k] for k in (key, other) if k in request})}",
            expected=f"{key}={[message]!r}",
            hint="Messages and Chat Completions take a list called messages, "
            "the Responses API takes it as input.",
            mistake="prompt-misplaced",
        )


@build_request.check(
    "describes tools in the API's own form", points=2, needs=("returns a dict of its own",)
)
def _own_form(seen: _Built) -> None:
    case, request = seen.case, seen.request
    if not case.tools:
        if "tools" in request:
            raise Wrong(
                saw=f"{case.told}: tools={short(request['tools'])}",
                expected="no key tools",
                hint="OpenAI refuses an empty list of tools: without any, leave the key out.",
                mistake="empty-tools",
            )
        return
    got: Any = request.get("tools")
    if type(got) not in (list, tuple):
        raise Wrong(
            saw=f"{case.told}: tools={short(got)}",
            expected=f"a list of {case.count} tools",
            hint="A model can only call tools that the request describes.",
            mistake="no-tools",
        )
    told = {api: [_read(api, tool) for tool in got] for api in ("messages", "chat", "responses")}
    if told[case.api] == case.tools:
        return
    foreign = [api for api, tools in told.items() if tools == case.tools]
    raise Wrong(
        saw=f"{case.told}: {short(list(got))}",
        expected=f"{short(case.tools)} in the form of {case.api!r}",
        hint=f"That is the form of {foreign[0]!r}: look at the table."
        if foreign
        else "Every tool in the order given; which key holds its schema is in the table.",
        mistake="tools-of-another-api" if foreign else "other-tools",
    )


def _read(api: str, tool: Any) -> dict[str, JSON] | None:
    """Return what an API would make of this description of a tool; `None` if nothing."""
    if type(tool) is not dict:
        return None
    outside = {"type": "custom"} if api == "messages" else {"type": "function"}
    if tool.get("type", "custom") != outside["type"]:
        return None
    inside = tool.get("function") if api == "chat" else tool
    if type(inside) is not dict:
        return None
    schema = "input_schema" if api == "messages" else "parameters"
    said = {key for key in inside if key not in ("type", "strict")}
    if said != {"name", "description", schema} or inside.get("strict"):
        return None
    if api == "chat" and set(tool) != {"type", "function"}:
        return None
    told = {"name": inside["name"], "description": inside["description"]}
    return {**told, "parameters": inside[schema]}


@build_request.check(
    "turns the knob in its own place", points=2, needs=("returns a dict of its own",)
)
def _own_place(seen: _Built) -> None:
    case, request = seen.case, seen.request
    if case.parallel is None or not case.tools:
        return
    got = {key: request[key] for key in request if key in _KNOBS}
    wanted: dict[str, JSON] = {"parallel_tool_calls": case.parallel}
    if case.api == "messages":
        choice = {"type": "auto", "disable_parallel_tool_use": not case.parallel}
        wanted = {"tool_choice": choice}
    if got == wanted:
        return
    mistake, hint = _misplaced(case, got)
    raise Wrong(
        saw=f"{case.told}: {short(got)}", expected=short(wanted), hint=hint, mistake=mistake
    )


def _misplaced(case: Wanted, got: dict[str, Any]) -> tuple[str, str]:
    """Name the mistake behind a knob that is not as it should be, and give a hint."""
    inside = got.get("tool_choice")
    choice = inside if type(inside) is dict else {}
    ours = case.api == "messages"
    disables = choice.get("disable_parallel_tool_use")
    found = (
        (
            not got,
            "no-knob",
            "True and None differ: True says that several calls are welcome, None says nothing."
            if case.parallel
            else "False and None differ: False asks for one call at a time.",
        ),
        (
            ours and "disable_parallel_tool_use" in got,
            "knob-at-top-level",
            "The knob is a field of tool_choice, not of the request.",
        ),
        (
            ours and "parallel_tool_calls" in got,
            "knob-of-another-api",
            "parallel_tool_calls is OpenAI's; the Messages API has its own knob.",
        ),
        (
            not ours and bool(got.keys() - {"parallel_tool_calls"}),
            "knob-of-another-api",
            "tool_choice with disable_parallel_tool_use is Anthropic's alone.",
        ),
        (
            ours and "type" not in choice,
            "choice-without-type",
            "tool_choice is refused without its type: here, auto.",
        ),
        (
            ours and disables is case.parallel,
            "inverted",
            "This knob disables: parallel=True means False here.",
        ),
        (
            not ours and got.get("parallel_tool_calls") is (not case.parallel),
            "inverted",
            "This knob allows: parallel=True is True here.",
        ),
    )
    fits = [(mistake, hint) for holds, mistake, hint in found if holds]
    return fits[0] if fits else ("other-knob", "The knob is true or false, and all there is to it.")


@build_request.check("turns no knob unasked", needs=("returns a dict of its own",))
def _unasked(seen: _Built) -> None:
    case, request = seen.case, seen.request
    if case.parallel is not None and case.tools:
        return
    got = {key: request[key] for key in request if key in _KNOBS}
    if not got:
        return
    if case.tools:
        null = None in got.values()
        mistake = "null-knob" if null else "default-guessed"
        hint = "None means that the API decides: then the key itself is not there."
    else:
        mistake = "knob-without-tools"
        hint = "OpenAI answers 400 to parallel_tool_calls without tools, Anthropic to tool_choice."
    raise Wrong(
        saw=f"{case.told}: {short(got)}",
        expected="none of the keys tool_choice and parallel_tool_calls",
        hint=hint,
        mistake=mistake,
    )


def short(value: Any, most: int = 180) -> str:
    """Return a value as one line of at most `most` characters."""
    text = repr(value)
    return text if len(text) <= most else f"{text[: most - 2]} …"
