"""Other people's runners of tool calls, each given one turn of calls that need nothing.

None of them takes dependencies: a batch is a turn of a model, and what needs an answer belongs
in a later turn.  So each gets a model that answers twice, with all the calls and then with a
word.  A package that is not there leaves its runner out.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from toollab.calls import ToolCall, ToolResult

__all__ = ("RUNNERS", "Runner")

Run = Callable[[ToolCall], Awaitable[ToolResult]]
Dispatch = Callable[[Sequence[ToolCall], Run, int | None], Awaitable[Any]]
"""Runs independent calls; the number, if any, is how many may be in flight."""


@dataclass(frozen=True)
class Runner:
    """A package's way to run a turn: `make()` imports it.

    `limits` are those that its users can ask for; `cannot` is what a user cannot ask for.
    """

    name: str
    package: str
    make: Callable[[], Dispatch]
    cannot: str
    limits: frozenset[int] = frozenset()

    @property
    def installed(self) -> str:
        """The version that is installed, or nothing."""
        try:
            return version(self.package)
        except PackageNotFoundError:
            return ""


def _tool(calls: Sequence[ToolCall], run: Run) -> Callable[[str], Awaitable[str]]:
    """Return the one tool that a runner is given; its argument is the id of the call."""
    by_id = {call.id: call for call in calls}

    async def work(call: str) -> str:
        """Run one call."""
        return (await run(by_id[call])).content

    return work


def _langgraph() -> Dispatch:
    graphs, prebuilt = import_module("langgraph.graph"), import_module("langgraph.prebuilt")
    messages, tools = (
        import_module("langchain_core.messages"),
        import_module("langchain_core.tools"),
    )

    async def dispatch(calls: Sequence[ToolCall], run: Run, _limit: int | None) -> Any:
        tool = tools.StructuredTool.from_function(coroutine=_tool(calls, run), name="work")
        graph = graphs.StateGraph(graphs.MessagesState)
        graph.add_node("tools", prebuilt.ToolNode([tool]))
        graph.add_edge(graphs.START, "tools")
        asked = [{"id": c.id, "name": "work", "args": {"call": c.id}} for c in calls]
        turn = messages.AIMessage("", tool_calls=asked)
        return (await graph.compile().ainvoke({"messages": [turn]}))["messages"][1:]

    return dispatch


def _pydantic_ai() -> Dispatch:
    ai, said = import_module("pydantic_ai"), import_module("pydantic_ai.messages")
    function = import_module("pydantic_ai.models.function")

    async def dispatch(calls: Sequence[ToolCall], run: Run, limit: int | None) -> Any:
        asked = [said.ToolCallPart("work", {"call": c.id}, tool_call_id=c.id) for c in calls]

        def model(history: Sequence[Any], _info: Any) -> Any:
            return said.ModelResponse(asked if len(history) == 1 else [said.TextPart("done")])

        agent = ai.Agent(function.FunctionModel(model))
        agent.tool_plain(_tool(calls, run), name="work")
        mode = "sequential" if limit == 1 else "parallel"
        with agent.parallel_tool_call_execution_mode(mode):
            history = (await agent.run("go")).all_messages()
        return [p for m in history for p in m.parts if isinstance(p, said.ToolReturnPart)]

    return dispatch


def _openai_agents() -> Dispatch:
    sdk, types = import_module("agents"), import_module("openai.types.responses")
    schema = {
        "type": "object",
        "properties": {"call": {"type": "string"}},
        "required": ["call"],
        "additionalProperties": False,
    }

    class Model(sdk.Model):  # type: ignore[misc,name-defined]
        """Answers with each list of items in turn."""

        def __init__(self, *answers: Sequence[Any]) -> None:
            self.answers = list(answers)

        async def get_response(self, *_given: Any, **_named: Any) -> Any:
            usage = sdk.Usage()
            return sdk.ModelResponse(output=self.answers.pop(0), usage=usage, response_id=None)

        def stream_response(self, *_given: Any, **_named: Any) -> Any:
            raise NotImplementedError("Nothing is streamed here.")

    async def dispatch(calls: Sequence[ToolCall], run: Run, limit: int | None) -> Any:
        work = _tool(calls, run)

        async def invoke(_context: Any, given: str) -> str:
            return await work(**json.loads(given))

        asked = [
            types.ResponseFunctionToolCall(
                call_id=c.id,
                name="work",
                arguments=json.dumps({"call": c.id}),
                type="function_call",
            )
            for c in calls
        ]
        text = types.ResponseOutputText(text="done", type="output_text", annotations=[])
        word = types.ResponseOutputMessage(
            id="m", content=[text], role="assistant", status="completed", type="message"
        )
        tool = sdk.FunctionTool("work", "Run one call.", schema, invoke)
        agent = sdk.Agent("batch", tools=[tool], model=Model(asked, [word]))
        settings = sdk.RunConfig(
            tracing_disabled=True, tool_execution={"max_function_tool_concurrency": limit}
        )
        items = (await sdk.Runner.run(agent, "go", run_config=settings)).new_items
        return [item for item in items if item.type == "tool_call_output_item"]

    return dispatch


RUNNERS = (
    Runner(
        "LangGraph `ToolNode`",
        "langgraph",
        _langgraph,
        "dependencies within a batch; a limit within the node",
    ),
    Runner(
        "pydantic-ai `Agent.run`",
        "pydantic-ai-slim",
        _pydantic_ai,
        "dependencies within a batch; a limit other than 1 for a batch",
        frozenset({1}),
    ),
    Runner(
        "OpenAI Agents `Runner.run`",
        "openai-agents",
        _openai_agents,
        "dependencies within a batch",
        frozenset({1, 2, 3}),
    ),
)
