"""Everything that can be made to go wrong, or just differently, in the mock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ("Failure", "Knobs", "broken_stream", "overloaded", "rate_limited", "server_error")


@dataclass(frozen=True, slots=True)
class Failure:
    """What happens to one request instead of an answer.

    `status` 200 with `after_frames` is a stream that begins well and breaks.  `retry_after` is
    in seconds.
    """

    status: int
    retry_after: float | None = None
    after_frames: int = 0


def rate_limited(retry_after: float = 1.0) -> Failure:
    """Answer 429 and ask the client to wait `retry_after` seconds."""
    return Failure(429, retry_after=retry_after)


def overloaded() -> Failure:
    """Answer 529 on the Anthropic API and 503 on the OpenAI ones: the service is too busy."""
    return Failure(529)


def server_error() -> Failure:
    """Answer 500: the service's own fault."""
    return Failure(500)


def broken_stream(after_frames: int = 3) -> Failure:
    """Send `after_frames` events of a stream, then an error event, and end.

    A request that does not stream gets 500 instead.
    """
    return Failure(200, after_frames=after_frames)


@dataclass(frozen=True, slots=True)
class Knobs:
    """How the scripted model and the wire around it behave.

    The defaults are a good model on a good day.

    Attributes:
        seed: Another seed, other ids; nothing else is drawn by lot.
        parallel: `always` asks for all independent calls in one turn, `never` for one a turn,
            `if asked` for one a turn unless the prompt asks for parallel calls.
        heeds_split_results: After the results of one batch came split over several user
            messages, call one tool a turn for the rest of the conversation.
        dependent_batch: In its first batch the model also makes the calls that need results
            it does not have yet, with guessed arguments.
        unknown_tool: The first call of the first batch names a tool that was never offered.
        multi_tool_use: The first batch comes as one call of `multi_tool_use.parallel`, a tool
            that exists nowhere.
        duplicate_ids: All calls of a batch carry the same id.
        truncate: The first reply stops halfway through its last piece, as at `max_tokens`.
        interleave: A stream's calls arrive in turns, fragment by fragment, not one by one.
        fragment: Characters in one streamed fragment.
        latency: Seconds before a response begins.
        frame_delay: Seconds between two events of a stream.
        stream_quirk: A fault seen in servers that are compatible, but not quite.
            `repeat id` and `repeat name`: every fragment of a call carries them, on Chat
            Completions.  `same index`: so do all calls their index.  `no event names`: frames
            have no `event:` line.  `no end`: the closing event never comes.
        failures: What happens to the first, second … request for a response; `None` lets one
            pass.  Requests beyond the last go well.
        requests_per_minute: Above it, 429 until the minute is over; `None` is no limit.
        retired: Model ids that are answered with 404.
        api_keys: The keys that are accepted; empty accepts any key, but never none at all.
        enforce: False: a request that breaks a rule is logged with its faults, and answered.
    """

    seed: int = 0
    parallel: Literal["always", "never", "if asked"] = "always"
    heeds_split_results: bool = True
    dependent_batch: bool = False
    unknown_tool: bool = False
    multi_tool_use: bool = False
    duplicate_ids: bool = False
    truncate: bool = False
    interleave: bool = False
    fragment: int = 8
    latency: float = 0.0
    frame_delay: float = 0.0
    stream_quirk: (
        Literal["repeat id", "repeat name", "same index", "no event names", "no end"] | None
    ) = None
    failures: tuple[Failure | None, ...] = ()
    requests_per_minute: int | None = None
    retired: frozenset[str] = frozenset()
    api_keys: frozenset[str] = frozenset()
    enforce: bool = True

    def __post_init__(self) -> None:
        if self.fragment < 1:
            raise ValueError(
                f"A fragment of {self.fragment} characters never ends. "
                "Hint: make `fragment` at least 1."
            )

    def __repr__(self) -> str:
        """Name the knobs that are turned, and never a key."""
        default = Knobs()
        turned = [
            f"{name}={'…' if name == 'api_keys' else repr(getattr(self, name))}"
            for name in self.__dataclass_fields__
            if getattr(self, name) != getattr(default, name)
        ]
        return f"Knobs({', '.join(turned)})"
