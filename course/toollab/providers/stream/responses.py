"""The events of a streamed response."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import Any

from toollab.providers.conversation import Piece, Reply
from toollab.providers.knobs import Knobs
from toollab.providers.stream.frames import Frame, fragments, in_order
from toollab.providers.wire.common import Envelope
from toollab.providers.wire.responses import output_item, output_items, response

__all__ = ("failure", "frames")


def frames(reply: Reply, around: Envelope, knobs: Knobs) -> Iterator[Frame]:
    """Yield the events of `reply`: created, each item from added to done, completed.

    Every event carries a `sequence_number`, and the response in the first and last events has
    the same id.
    """
    end = "response.incomplete" if reply.stop == "length" else "response.completed"
    numbers = count()
    for event in _events(reply, around, knobs, end):
        if knobs.stream_quirk == "no end" and event["type"] == end:
            return
        name = None if knobs.stream_quirk == "no event names" else event["type"]
        yield Frame({**event, "sequence_number": next(numbers)}, name)


def _events(reply: Reply, around: Envelope, knobs: Knobs, end: str) -> Iterator[dict[str, Any]]:
    early = response(reply, around, status="in_progress", output=[])
    yield {"type": "response.created", "response": early}
    yield {"type": "response.in_progress", "response": early}
    items = output_items(reply, around)
    calls: list[list[Frame]] = []
    for index, (piece, item) in enumerate(zip(reply.pieces, items, strict=True)):
        where = {"item_id": item["id"], "output_index": index}
        begun = output_item(replace(piece, text=""), index, around, reply)
        added = {"type": "response.output_item.added", "output_index": index, "item": _early(begun)}
        done = {"type": "response.output_item.done", "output_index": index, "item": item}
        inner = {"thinking": _thought, "text": _prose, "call": _call}[piece.kind]
        events = [added, *inner(piece, where, knobs, item), done]
        if piece.kind == "call":
            calls.append([Frame(event) for event in events])
        else:
            yield from events
    if knobs.interleave:  # every item is added before the first fragment of any
        yield from (stream[0].data for stream in calls)
        calls = [stream[1:] for stream in calls]
    yield from (frame.data for frame in in_order(calls, interleave=knobs.interleave))
    yield {"type": end, "response": response(reply, around)}


def _early(item: dict[str, Any]) -> dict[str, Any]:
    empty = {"content": [], "summary": [], "status": "in_progress"}
    return {**item, **{name: value for name, value in empty.items() if name in item}}


def _call(
    piece: Piece, where: dict[str, Any], knobs: Knobs, item: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    kind = "response.function_call_arguments"
    for part in fragments(piece.text, knobs.fragment):
        yield {"type": f"{kind}.delta", **where, "delta": part}
    yield {"type": f"{kind}.done", **where, "arguments": item["arguments"]}


def _prose(
    piece: Piece, where: dict[str, Any], knobs: Knobs, item: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    where = {**where, "content_index": 0}
    whole = item["content"][0]
    empty = {**whole, "text": ""}
    yield {"type": "response.content_part.added", **where, "part": empty}
    for part in fragments(piece.text, knobs.fragment):
        yield {"type": "response.output_text.delta", **where, "delta": part, "logprobs": []}
    yield {"type": "response.output_text.done", **where, "text": piece.text, "logprobs": []}
    yield {"type": "response.content_part.done", **where, "part": whole}


def _thought(
    piece: Piece, where: dict[str, Any], knobs: Knobs, item: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    where = {**where, "summary_index": 0}
    kind = "response.reasoning_summary"
    whole = item["summary"][0]
    yield {"type": f"{kind}_part.added", **where, "part": {**whole, "text": ""}}
    for part in fragments(piece.text, knobs.fragment):
        yield {"type": f"{kind}_text.delta", **where, "delta": part}
    yield {"type": f"{kind}_text.done", **where, "text": piece.text}
    yield {"type": f"{kind}_part.done", **where, "part": whole}


def failure(number: int) -> Frame:
    """Return the event of a stream that breaks, as event `number`."""
    return Frame(
        {
            "type": "error",
            "code": "server_error",
            "message": "The server had an error while processing your request.",
            "param": None,
            "sequence_number": number,
        },
        "error",
    )
