"""The end of a notebook that can change no verdict, and shows nothing of the learner's.

After the last check a notebook goes on: a live cell, a story from the field, a quiz.  What is the
course's own there, word for word, and uses nothing that a learner wrote, shows what it shows in
the source.  So it is not run again for each submission.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any

from autograder.grading.witness.names import bound, used

__all__ = ("epilogue",)

Cell = Mapping[str, Any]

_LONGEST = 20_000
"""Characters of a cell beyond which nobody asks what it uses: it is run."""
_MOST = 300_000  # of a notebook


def epilogue(
    cells: Sequence[Cell], own: Mapping[str, Cell], checks: Collection[str]
) -> dict[int, list[dict[str, Any]]]:
    """Return the places of a notebook's last cells that need not run, with what they show.

    `own` are the course's own code cells by their id, as they are stored; `checks` are ids, too.
    Sources are texts.  Nothing is left out behind a cell that has to run.
    """
    code = [(place, cell) for place, cell in enumerate(cells) if cell["cell_type"] == "code"]
    if sum(len(cell["source"]) for _, cell in code) > _MOST:
        return {}
    last = max((n for n, (_, cell) in enumerate(code) if cell.get("id") in checks), default=None)
    if last is None:
        return {}
    theirs: set[str] = set()  # names that depend on what a learner wrote
    ends: list[int] = []
    for number, (_, cell) in enumerate(code):
        text, stored = cell["source"], own.get(cell.get("id", ""))
        if cell.get("id") in checks or not text.strip():
            continue
        is_own = stored is not None and text == stored["source"]
        names = _names(text)
        if names is None:
            if not is_own:
                return {}
            ends.append(number)
            continue
        binds, uses = names
        if not is_own or theirs & uses:
            theirs |= binds
            ends.append(number)
        else:
            theirs -= binds
    begin = max([last, *ends]) + 1
    return {
        place: _counted(own[cell["id"]]["outputs"], number + 1)
        for number, (place, cell) in enumerate(code)
        if number >= begin and cell["source"].strip()
    }


@lru_cache(1_000)
def _names(text: str) -> tuple[frozenset[str], frozenset[str]] | None:
    """Return the names that a cell binds and uses; `None` if that cannot be known."""
    if len(text) > _LONGEST:
        return None  # this runs outside of the wall, where nothing limits it
    # A text can be parsed and be wrong all the same, or be too deep for whoever walks it.
    try:
        tree = ast.parse(text)
        stars = (
            alias.name == "*"
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        )
        if any(stars):
            return None
        binds = frozenset(name for statement in tree.body for name in bound(statement))
        return binds, frozenset(used(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _counted(outputs: Sequence[Mapping[str, Any]], count: int) -> list[dict[str, Any]]:
    copied: list[dict[str, Any]] = copy.deepcopy(list(map(dict, outputs)))
    for output in copied:
        if "execution_count" in output:
            output["execution_count"] = count
    return copied
