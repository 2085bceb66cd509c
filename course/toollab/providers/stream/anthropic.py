"""The events of a streamed Anthropic message."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from toollab.calls import JSON
from toollab.providers.conversation import Piece, Reply
from toollab.providers.knobs import Knobs
from toollab.providers.stream.frames import Frame, fragments, in_order
from toollab.providers.wire.anthropic import STOP_REASONS, block, message, usage
from toollab.providers.wire.common import Envelope

__all__ = ("failure", "frames")


def frames(reply: Reply, around: Envelope, knobs: Knobs) -> Iterator[Frame]:
    """Yield the events of `reply`: start, each block from start to stop, delta, stop.

    Calls may be interleaved, block by block, but the blocks' starts come in order, because
    the SDK's accumulator wants their indices without a gap.
    """
    for data in _events(reply, around, knobs):
        if knobs.stream_quirk == "no end" and data["type"] == "message_stop":
            return
        yield Frame(data, None if knobs.stream_quirk == "no event names" else data["type"])


def _events(reply: Reply, around: Envelope, knobs: Knobs) -> Iterator[dict[str, Any]]:
    empty = {
        **message(reply, around),
        "content": [],
        "stop_reason": None,
        "usage": usage(around, 1),
    }
    yield {"type": "message_start", "message": empty}
    yield {"type": "ping"}
    indexed = list(enumerate(reply.pieces))
    calls = [(i, piece) for i, piece in indexed if piece.kind == "call"]
    for index, piece in indexed:
        if piece.kind != "call":
            yield _start(index, piece)
            yield from _deltas(index, piece, knobs)
            yield _stop(index)
    if knobs.interleave:
        yield from (_start(index, piece) for index, piece in calls)
        streams = [[Frame(data) for data in _deltas(i, piece, knobs)] for i, piece in calls]
        yield from (frame.data for frame in in_order(streams, interleave=True))
        yield from (_stop(index) for index, _ in calls)
    else:
        for index, piece in calls:
            yield _start(index, piece)
            yield from _deltas(index, piece, knobs)
            yield _stop(index)
    yield {
        "type": "message_delta",
        "delta": {"stop_reason": STOP_REASONS[reply.stop], "stop_sequence": None},
        "usage": {"output_tokens": around.output_tokens},
    }
    yield {"type": "message_stop"}


def _start(index: int, piece: Piece) -> dict[str, Any]:
    begun = block(piece)
    empty: dict[str, JSON] = {"text": "", "thinking": "", "signature": "", "input": {}}
    begun |= {name: value for name, value in empty.items() if name in begun}
    return {"type": "content_block_start", "index": index, "content_block": begun}


def _stop(index: int) -> dict[str, Any]:
    return {"type": "content_block_stop", "index": index}


def _deltas(index: int, piece: Piece, knobs: Knobs) -> Iterator[dict[str, Any]]:
    kind, name = {
        "text": ("text_delta", "text"),
        "thinking": ("thinking_delta", "thinking"),
        "call": ("input_json_delta", "partial_json"),
    }[piece.kind]
    deltas = [{"type": kind, name: part} for part in fragments(piece.text, knobs.fragment)]
    if piece.kind == "call":
        deltas.insert(0, {"type": kind, name: ""})
    if piece.kind == "thinking":
        deltas.append({"type": "signature_delta", "signature": block(piece)["signature"]})
    for delta in deltas:
        yield {"type": "content_block_delta", "index": index, "delta": delta}


def failure(number: int) -> Frame:  # noqa: ARG001  the other APIs number their events
    """Return the event of a stream that breaks."""
    error = {"type": "overloaded_error", "message": "Overloaded"}
    return Frame({"type": "error", "error": error}, "error")
