"""Frames on a socket: four bytes of length, then that many bytes of msgpack.

Nothing is read that was not announced, and nothing is announced that is over the limit.
"""

from __future__ import annotations

import socket
import struct
from time import monotonic  # in a run, `time.monotonic` is simulated; this one is not
from typing import Any, Generic, TypeVar

import msgspec

__all__ = ("BadFrameError", "Channel", "ClosedError", "LateError", "get_to_know")

MessageT = TypeVar("MessageT")

_LENGTH = struct.Struct(">I")
_CHUNK = 1 << 16


def get_to_know(*kinds: Any) -> None:
    """Find out in advance how messages of these kinds are read; a fork then knows it."""
    for kind in kinds:
        msgspec.msgpack.Decoder(kind)


class ClosedError(Exception):
    """The other side is gone."""


class LateError(Exception):
    """The other side did not answer in time."""


class BadFrameError(Exception):
    """What arrived is not a message: too long, malformed, or of the wrong type."""


class Channel(Generic[MessageT]):
    """One end of a conversation.  Whatever is received is a `MessageT`, or an error is raised."""

    def __init__(self, sock: socket.socket, receives: Any, *, limit: int) -> None:
        self.socket = sock
        self.limit = limit
        self._encoder = msgspec.msgpack.Encoder()
        self._decoder = msgspec.msgpack.Decoder(receives)
        self._buffer = bytearray()

    def fileno(self) -> int:
        """Return the file descriptor, for `select`."""
        return self.socket.fileno()

    def send(self, message: Any, seconds: float | None = None) -> None:
        """Send one message, waiting at most `seconds` for the other side to take it.

        Raises `ClosedError` or `LateError`.
        """
        frame = self._encoder.encode(message)
        self.socket.settimeout(seconds)
        try:
            self.socket.sendall(_LENGTH.pack(len(frame)) + frame)
        except TimeoutError as error:
            raise LateError from error
        except OSError as error:
            raise ClosedError from error

    def receive(self, seconds: float | None = None) -> MessageT:
        """Return the next message, waiting at most `seconds` for all of it.

        Raises `ClosedError`, `LateError` or `BadFrameError`.
        """
        end = None if seconds is None else monotonic() + seconds
        self._fill(_LENGTH.size, end)
        (length,) = _LENGTH.unpack_from(self._buffer)
        if length > self.limit:
            raise BadFrameError(f"a frame of {length:,} bytes, where {self.limit:,} are allowed")
        self._fill(_LENGTH.size + length, end)
        frame = bytes(memoryview(self._buffer)[_LENGTH.size : _LENGTH.size + length])
        del self._buffer[: _LENGTH.size + length]
        try:
            return self._decoder.decode(frame)  # type: ignore[no-any-return]
        except (msgspec.MsgspecError, RecursionError, ValueError, OverflowError) as error:
            raise BadFrameError(f"a frame that is no message: {str(error)[:200]}") from error

    def pending(self) -> bool:
        """Tell whether bytes have arrived that nobody has read."""
        return bool(self._buffer)

    def close(self) -> None:
        """Close this end."""
        self.socket.close()

    def _fill(self, size: int, end: float | None) -> None:
        while len(self._buffer) < size:
            if end is not None:
                left = end - monotonic()
                if left <= 0:
                    raise LateError
                self.socket.settimeout(left)
            else:
                self.socket.settimeout(None)
            try:
                chunk = self.socket.recv(_CHUNK)
            except TimeoutError as error:
                raise LateError from error
            except OSError as error:
                raise ClosedError from error
            if not chunk:
                raise ClosedError
            self._buffer += chunk
