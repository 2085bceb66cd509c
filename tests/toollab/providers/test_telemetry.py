"""The recorder sees what OpenTelemetry's own SDK sees, on simulated time, and exports it."""

from __future__ import annotations

import asyncio
import contextvars
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from anthropic import beta_async_tool
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from toollab import ToolResult, simulate
from toollab.providers import (
    Knobs,
    MessagesAgent,
    MockProvider,
    async_anthropic_client,
    async_openai_client,
    model_for,
    run_agent,
)
from toollab.providers.telemetry import Recorder, as_trace, read_spans
from toollab.tools import Fault, ToolError, full_picture, support_desk

QUESTION = "Give me the full picture on customer 1234."


def through_the_runner(provider: Any) -> None:
    """Let Anthropic's tool runner answer the question, traced by `provider`."""
    desk = support_desk()
    tools = [
        beta_async_tool(
            desk.tools[spec.name],
            name=spec.name,
            description=spec.description,
            input_schema=dict(spec.parameters),
        )
        for spec in desk.specs
    ]

    async def play() -> None:
        mock = MockProvider(knobs=Knobs(latency=1.0))
        client = async_anthropic_client(mock, open_telemetry={"tracer_provider": provider})
        runner = client.beta.messages.tool_runner(
            model=model_for("anthropic"),
            max_tokens=500,
            messages=[{"role": "user", "content": QUESTION}],
            tools=tools,
            thread=False,
        )
        await runner.until_done()

    run = simulate(desk, play)
    assert run.error is None


async def together(calls, tools):
    """Run a batch at once."""
    texts = await asyncio.gather(*(tools[call.name](**call.arguments) for call in calls))
    return [ToolResult(call.id, text) for call, text in zip(calls, texts, strict=True)]


def through_our_loop(**world: Any) -> tuple[Recorder, Any]:
    """Let our own agent loop answer it, with every tool watched."""
    desk, recorder = support_desk(**world), Recorder()

    async def play() -> Any:
        mock = MockProvider(knobs=Knobs(latency=1.0))
        client = async_anthropic_client(mock, open_telemetry={"tracer_provider": recorder})
        agent = MessagesAgent(client, model_for("anthropic"), desk.specs)
        with recorder.span("invoke_agent", "desk"):
            return await run_agent(agent, QUESTION, recorder.watch(desk.tools), together)

    return recorder, simulate(desk, play)


def test_same_spans_as_the_sdk():
    """Names, parents, attributes and order are those that OpenTelemetry's own SDK records."""
    exporter, recorder = InMemorySpanExporter(), Recorder()
    official = TracerProvider()
    official.add_span_processor(SimpleSpanProcessor(exporter))
    through_the_runner(official)
    through_the_runner(recorder)
    theirs = exporter.get_finished_spans()
    names = {span.context.span_id: span.name for span in theirs}
    ours = read_spans(recorder.export())
    called = {span["span_id"]: span["name"] for span in ours}
    assert [(span["name"], called.get(span["parent_id"]), span["attributes"]) for span in ours] == [
        (span.name, names.get(span.parent.span_id) if span.parent else None, dict(span.attributes))
        for span in theirs
    ]


def test_export_is_the_standard_form():
    """Ids are hexadecimal, 64-bit numbers are texts, kinds count from one, statuses are codes."""
    recorder = Recorder()
    through_the_runner(recorder)
    document = json.loads(recorder.export())
    spans = document["resourceSpans"][0]["scopeSpans"][0]["spans"]
    assert {len(span["traceId"]) for span in spans} == {32}
    assert {len(span["spanId"]) for span in spans} == {16}
    assert len({span["traceId"] for span in spans}) == 1
    assert all(type(span["startTimeUnixNano"]) is str for span in spans)
    kinds = {span["name"].split()[0]: span["kind"] for span in spans}
    assert kinds["anthropic.messages.create"] == 3  # a client's
    assert kinds["anthropic.custom_tool_use"] == 1  # internal
    assert {span["status"]["code"] for span in spans} == {1}


def test_attributes_come_back_as_they_were():
    """Every type of attribute survives being exported and read."""
    recorder = Recorder()
    told = {"text": "é", "number": 2**53 + 1, "share": 0.5, "yes": True, "list": ["a", "b"]}
    recorder.get_tracer("x").start_span("one", attributes=told).end()
    (span,) = read_spans(recorder.export())
    assert span["attributes"] == told
    assert span["parent_id"] is None


def test_same_run_same_bytes():
    """Two runs on simulated time export the same document."""
    assert through_our_loop()[0].export() == through_our_loop()[0].export()


def test_runner_takes_turns_and_our_loop_does_not():
    """The client's tool runner runs a batch call by call; a gathered batch overlaps."""
    runner = Recorder()
    through_the_runner(runner)
    loop, run = through_our_loop()
    assert run.error is None
    for recorder, peak, makespan in ((runner, 1, 1.5), (loop, 3, 0.6)):
        calls = [
            span
            for span in read_spans(recorder.export())
            if span["attributes"]["gen_ai.operation.name"] == "execute_tool"
        ]
        trace = as_trace(calls)
        assert (trace.peak, trace.makespan) == (peak, makespan)
        assert trace.work == pytest.approx(1.5)


def test_spans_hang_under_their_agent():
    """Turns and watched tools have the agent's span as parent; it ends last."""
    *others, agent = read_spans(through_our_loop()[0].export())
    assert agent["attributes"]["gen_ai.operation.name"] == "invoke_agent"
    assert {span["parent_id"] for span in others} == {agent["span_id"]}


def test_failed_tool_is_an_error():
    """A tool that raises has a span with the status of an error, and the error gets out."""
    recorder, run = through_our_loop(faults={"get_orders": Fault(ToolError("down"))})
    assert isinstance(run.error, ToolError)
    spans = json.loads(recorder.export())["resourceSpans"][0]["scopeSpans"][0]["spans"]
    assert {span["name"]: span["status"].get("code") for span in spans}[
        "execute_tool get_orders"
    ] == 2


@pytest.mark.parametrize("copied", [False, True])
def test_threads_lose_their_parent_unless_context_is_copied(copied: bool):
    """A pool's threads begin with an empty context: their spans have no parent."""
    desk, recorder = support_desk(), Recorder()

    def look_up(call):
        with recorder.span("execute_tool", call.name):
            return desk.blocking_tools[call.name](**call.arguments)

    def dispatch(calls):
        with recorder.span("invoke_agent", "desk"), ThreadPoolExecutor(3) as pool:
            jobs = [
                pool.submit(contextvars.copy_context().run, look_up, call)
                if copied
                else pool.submit(look_up, call)
                for call in calls
            ]
        return [job.result() for job in jobs]

    assert simulate(desk, dispatch, full_picture()).error is None
    *tools, agent = read_spans(recorder.export())
    assert {span["parent_id"] for span in tools} == {agent["span_id"] if copied else None}


def test_ended_spans_stand_still():
    """What happens to a span after its end is not recorded, and it ends once."""
    recorder = Recorder()
    with recorder.get_tracer().start_as_current_span("one", end_on_exit=False) as span:
        span.set_attributes({"a": 1})
        span.update_name("other")
        span.add_event("noted")
    span.end()
    span.end()
    span.set_attribute("a", 2)
    assert not span.is_recording()
    (kept,) = read_spans(recorder.export())
    assert (kept["name"], kept["attributes"]) == ("other", {"a": 1})


def test_openai_has_no_such_option():
    """OpenAI's client cannot be given a tracer provider."""
    with pytest.raises(TypeError, match="open_telemetry"):
        async_openai_client(MockProvider(), open_telemetry={})
