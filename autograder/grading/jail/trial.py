"""Try the walls before anybody's code is put behind them: a few things must not work there."""

from __future__ import annotations

import os
import socket
import sys
from contextlib import suppress
from pathlib import Path

import msgspec

from autograder.grading.jail.birth import Cradle
from autograder.grading.jail.isolate import Walls
from autograder.grading.jail.warden import prepare

__all__ = ("main",)


def main(packet: str, forbidden: str) -> None:
    """Go behind the walls, look from there, and print `here`, or what is wrong."""
    walls = msgspec.json.decode(packet, type=Walls)
    cradle = Cradle()
    reader, writer = os.pipe()

    def be() -> None:
        try:
            work = prepare(walls, power=cradle.power)
            said = "; ".join(_holes(forbidden)) or "here"
            if not walls.walled:
                work.rmdir()
        except BaseException as error:  # noqa: BLE001 - it is told, whatever it is
            said = f"{type(error).__name__}: {error}"
        os.write(writer, said.encode())
        os._exit(0)

    cradle.fork(be, walled=walls.walled)
    os.close(writer)
    with os.fdopen(reader) as said:
        sys.stdout.write(f"{said.read()}\n")


def _holes(forbidden: str) -> list[str]:
    """Say what can be done here that must not be."""
    holes = []
    if os.getpid() != 1:
        holes.append("processes of others are in sight")
    with suppress(OSError):
        Path(forbidden).read_bytes()
        holes.append("files can be read that must not be")
    with suppress(OSError):
        (Path(forbidden).parent / "written-behind-the-wall").write_bytes(b"")
        holes.append("files can be written that must not be")
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.connect(("192.0.2.1", 9))  # nothing is sent: this asks for a route
        holes.append("there is a network")
    return holes


if __name__ == "__main__":
    main(*sys.argv[1:])
