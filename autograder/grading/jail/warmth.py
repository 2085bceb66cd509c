"""Cells that run once before the zygote forks, so that no notebook pays for a first time.

Both SDKs build the classes of their answers when the first one arrives, which takes more
processor time than all cells of a notebook; and the classes of what they refuse, of which there
are a hundred.  Here a course's own mock is asked: nothing of a notebook and nothing of a grader is
needed.  The answers are given names, for whoever runs these cells keeps what is named: a generic
class lives no longer than its last object.
"""

from __future__ import annotations

__all__ = ("ALWAYS", "WITH_SDKS")

ALWAYS = ("1/0", "await __import__('asyncio').sleep(0)", "1 +", "_ = 1\n_")
"""An error, an `await`, a syntax error, a value."""

_ASKED = """
from toollab.providers import *
asked = [{"role": "user", "content": "Weather in Beijing and in LA?"}]
about = {"name": "get_weather", "description": "The weather in a city."}
schema = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
tool = {"type": "function", **about, "parameters": schema}
nested = {"type": "function", "function": {**about, "parameters": schema}}
"""
_ANTHROPIC = """
request = {"model": model_for("anthropic"), "max_tokens": 500, "messages": asked}
request["tools"] = [{**about, "input_schema": schema}]
history = [*asked, {"role": "assistant", "content": [{"type": "tool_use", "id": "toolu_1",
    "name": "get_weather", "input": {"city": "Beijing"}}]}, *asked]
with anthropic_client(MockProvider()) as claude:
    claude_said = claude.messages.create(**request)
    with claude.messages.stream(**request) as stream:
        claude_streamed = stream.get_final_message()
    try:
        claude.messages.create(**request | {"messages": history})
    except Exception as refused:
        claude_refused = refused
"""
_OPENAI = """
with openai_client(MockProvider()) as gpt:
    gpt_said = gpt.chat.completions.create(
        model=model_for("openai"), messages=asked, tools=[nested]
    )
    try:
        gpt.chat.completions.create(
            model=model_for("openai"), messages=[*asked, gpt_said.choices[0].message, *asked]
        )
    except Exception as refused:
        gpt_refused = refused
    with gpt.chat.completions.stream(
        model=model_for("openai"), messages=asked, tools=[nested]
    ) as stream:
        gpt_streamed = stream.get_final_completion()
    gpt_answered = gpt.responses.create(model=model_for("openai"), input=asked, tools=[tool])
    with gpt.responses.stream(model=model_for("openai"), input=asked, tools=[tool]) as stream:
        gpt_streamed_answer = stream.get_final_response()
"""
_ON_A_LOOP = """
from anthropic import beta_async_tool

@beta_async_tool
async def get_weather(city: str) -> str:
    '''The weather in a city.'''
    return f"{city}: sunny"

async with async_anthropic_client(MockProvider()) as claude:
    claude_ran = await claude.beta.messages.tool_runner(
        model=model_for("anthropic"),
        max_tokens=500,
        tools=[get_weather],
        messages=asked,
        thread=False,
    ).until_done()
async with async_openai_client(MockProvider()) as gpt:
    gpt_later = await gpt.chat.completions.create(model=model_for("openai"), messages=asked)
"""
_RUN = """
import toollab.tools, toollab.views
desk, calls = toollab.tools.support_desk(), toollab.tools.full_picture(1234)

async def together(calls, registry):
    from asyncio import gather
    return await gather(*(registry[call.name](**call.arguments) for call in calls))

toollab.views.timeline(toollab.simulate(desk, together, calls, desk.tools).trace)
"""
WITH_SDKS = (_ASKED, _ANTHROPIC, _OPENAI, _ON_A_LOOP, _RUN)
"""What notebooks of this course do; for a zygote that has imported the SDKs."""
