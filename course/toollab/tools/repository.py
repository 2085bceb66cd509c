"""A repository on a build machine: files to read, and git's three steps to publish them.

Each step looks at the state when its work is done, as a real command does: a commit that ends
before the `add` it was meant for makes no commit, and raises nothing.
"""

from __future__ import annotations

from typing import Any

from toollab.calls import ToolCall, ToolSpec
from toollab.tools._schema import arguments
from toollab.tools._world import Tool, ToolError, World

__all__ = ("publish", "repository")

_FILES = {
    "pricing.py": "PRICE = 149",
    "README.md": "# Kestrel",
    "notes.txt": "ship on Friday",
}


def repository(seed: int = 0, **world: Any) -> World:
    """Make the repository's world; other keyword arguments go to `World`.

    Its state has `files` (path to text), `staged` (paths), `commits` and `remote`: lists of
    `{"message", "paths"}`.
    """
    path = arguments(path="Path of the file")
    return World(
        [
            Tool(
                ToolSpec("read_file", "Text of a file.", path, reads=("file/{path}",), writes=()),
                _read_file,
                0.4,
            ),
            Tool(
                ToolSpec(
                    "write_file",
                    "Replace the text of a file.",
                    arguments(path="Path of the file", text="Its new text"),
                    reads=(),
                    writes=("file/{path}",),
                ),
                _write_file,
                0.2,
            ),
            Tool(
                ToolSpec(
                    "git_add",
                    "Stage a file for the next commit.",
                    path,
                    reads=("file/{path}",),
                    writes=("index",),
                ),
                _git_add,
                0.3,
            ),
            Tool(
                ToolSpec(
                    "git_commit",
                    "Commit what is staged.",
                    arguments(message="Message of the commit"),
                    reads=("index",),
                    writes=("index", "commits"),
                ),
                _git_commit,
                0.2,
            ),
            Tool(
                ToolSpec(
                    "git_push",
                    "Send all commits to the remote.",
                    arguments(),
                    reads=("commits",),
                    writes=("remote",),
                ),
                _git_push,
                0.1,
            ),
        ],
        state=lambda: {"files": dict(_FILES), "staged": [], "commits": [], "remote": []},
        seed=seed,
        **world,
    )


def publish(path: str = "pricing.py", message: str = "New price") -> list[ToolCall]:
    """Return the three calls behind *publish my change*, as one batch."""
    return [
        ToolCall("call_1", "git_add", {"path": path}),
        ToolCall("call_2", "git_commit", {"message": message}),
        ToolCall("call_3", "git_push"),
    ]


def _read_file(state: Any, path: str) -> str:
    if path not in state["files"]:
        raise ToolError(f"There is no file {path}.")
    return str(state["files"][path])


def _write_file(state: Any, path: str, text: str) -> str:
    state["files"][path] = text
    return f"wrote {path}"


def _git_add(state: Any, path: str) -> str:
    _read_file(state, path)
    state["staged"].append(path)
    return f"staged {path}"


def _git_commit(state: Any, message: str) -> str:
    staged, state["staged"] = state["staged"], []
    if not staged:
        return "nothing to commit"
    state["commits"].append({"message": message, "paths": staged})
    return f"committed {', '.join(staged)}"


def _git_push(state: Any) -> str:
    new = state["commits"][len(state["remote"]) :]
    state["remote"] = list(state["commits"])
    return f"pushed {len(new)} commit{'s' * (len(new) > 1)}" if new else "everything up-to-date"
