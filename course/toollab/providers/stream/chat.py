"""The chunks of a streamed chat completion."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from toollab.calls import JSON
from toollab.providers.conversation import Piece, Reply
from toollab.providers.knobs import Knobs
from toollab.providers.stream.frames import Frame, fragments, in_order
from toollab.providers.wire.chat import FINISH_REASONS, usage
from toollab.providers.wire.common import Envelope, as_object

__all__ = ("failure", "frames")


def frames(reply: Reply, around: Envelope, knobs: Knobs) -> Iterator[Frame]:
    """Yield the chunks of `reply`: role, prose, calls, finish reason, usage if asked, `[DONE]`."""
    counted = bool(as_object(around.request.get("stream_options")).get("include_usage"))

    def chunk(delta: dict[str, Any], finish: str | None = None) -> Frame:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return _chunk(around, [choice], {"usage": None} if counted else {})

    calls = [piece for piece in reply.pieces if piece.kind == "call"]
    yield chunk({"role": "assistant", "content": None if calls else "", "refusal": None})
    for part in fragments(reply.text, knobs.fragment):
        yield chunk({"content": part})
    streams = [
        [chunk({"tool_calls": [delta]}) for delta in _call_deltas(index, piece, knobs)]
        for index, piece in enumerate(calls)
    ]
    if knobs.interleave:  # all calls are announced first: helpers want new indices in order
        yield from (stream[0] for stream in streams)
        streams = [stream[1:] for stream in streams]
    yield from in_order(streams, interleave=knobs.interleave)
    yield chunk({}, FINISH_REASONS[reply.stop])
    if counted:
        yield _chunk(around, [], {"usage": usage(around)})
    if knobs.stream_quirk != "no end":
        yield Frame("[DONE]")


def _chunk(around: Envelope, choices: list[dict[str, Any]], extra: dict[str, JSON]) -> Frame:
    return Frame(
        {
            "id": f"chatcmpl-{around.key}",
            "object": "chat.completion.chunk",
            "created": around.created,
            "model": around.model,
            "service_tier": "default",
            "choices": choices,
            **extra,
        }
    )


def _call_deltas(index: int, piece: Piece, knobs: Knobs) -> Iterator[dict[str, Any]]:
    """Yield one call in fragments: id and name come once, then pieces of the arguments."""
    index = 0 if knobs.stream_quirk == "same index" else index
    first = {"name": piece.name, "arguments": ""}
    yield {"index": index, "id": piece.id, "type": "function", "function": first}
    for part in fragments(piece.text, knobs.fragment):
        delta: dict[str, Any] = {"index": index, "function": {"arguments": part}}
        if knobs.stream_quirk == "repeat id":
            delta["id"] = piece.id
        if knobs.stream_quirk == "repeat name":
            delta["function"]["name"] = piece.name
        yield delta


def failure(number: int) -> Frame:  # noqa: ARG001  the other APIs number their events
    """Return the chunk of a stream that breaks."""
    return Frame(
        {
            "error": {
                "message": "The server had an error while processing your request.",
                "type": "server_error",
                "param": None,
                "code": None,
            }
        }
    )
