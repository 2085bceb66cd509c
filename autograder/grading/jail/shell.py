"""IPython's shell without a terminal and without sockets: what it would show goes to `Outputs`."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Any as AnyTrait
from traitlets import Type

__all__ = ("ZMQInteractiveShell",)

_OURS = f"  File {Path(__file__).resolve().parents[2]}"
_CHUNK = 1 << 16


class _DisplayHook(DisplayHook):
    outputs: Any = AnyTrait()
    _bundle: Any = AnyTrait()

    def write_output_prompt(self) -> None:
        """Show no prompt: notebooks count by themselves."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        """Keep what is to be shown."""
        self._bundle = (format_dict, md_dict)

    def finish_displayhook(self) -> None:
        """Show it."""
        if self._bundle and self._bundle[0]:
            self.outputs.show("result", *self._bundle)
        self._bundle = None


class _DisplayPublisher(DisplayPublisher):
    outputs: Any = AnyTrait()

    def publish(  # type: ignore[override]
        self,
        data: dict[str, Any],
        metadata: Mapping[str, Any] | None = None,
        *,
        transient: Mapping[str, Any] | None = None,
        update: bool = False,
        **_more: Any,
    ) -> None:
        """Show a mime bundle."""
        self._validate_data(data, metadata)
        display_id = (transient or {}).get("display_id", "")
        self.outputs.show("update" if update else "display", data, metadata, display_id)

    def clear_output(self, wait: bool = False) -> None:  # noqa: FBT001, FBT002 - IPython's own
        """Clear the cell's output."""
        self.outputs.clear(wait=wait)


class ZMQInteractiveShell(InteractiveShell):
    """IPython's shell, under the name by which libraries know that they are in a notebook."""

    displayhook_class = Type(_DisplayHook)
    display_pub_class = Type(_DisplayPublisher)
    outputs: Any = AnyTrait()
    _last_traceback: Any = None
    stopped = ""  # why the cell is being stopped, until that has been told

    def _showtraceback(self, etype: Any, evalue: Any, stb: list[str]) -> None:
        lines = [line for line in stb if not line.startswith(_OURS)]
        if self.stopped and etype in {KeyboardInterrupt, asyncio.CancelledError}:
            name, value = "TimeoutError", self.stopped
            lines, self.stopped = [*lines[:-1], f"{name}: {value}\n"], ""
        else:
            name, value = str(etype.__name__), _text(evalue)
        self.outputs.error(name, value, lines)
        self._last_traceback = stb

    def ask_exit(self) -> None:
        """Go on: what comes after `exit` is graded, too."""

    def init_virtualenv(self) -> None:
        """Look for no environment."""

    def init_environment(self) -> None:
        """Leave the environment alone."""

    def system(self, cmd: str) -> None:
        """Run a shell command and show its output as it comes; there is no terminal here."""
        command = self.var_expand(cmd, depth=1)
        with subprocess.Popen(  # noqa: S602 - the learner's own line
            command, shell=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        ) as process:
            while process.stdout and (said := os.read(process.stdout.fileno(), _CHUNK)):
                sys.stdout.write(said.decode("utf-8", "replace"))
        self.user_ns["_exit_code"] = process.returncode

    system_piped = system_raw = system


def _text(value: object) -> str:
    try:
        return str(value)
    except Exception:  # noqa: BLE001 - its own __str__ may do anything
        return f"<{type(value).__name__}>"
