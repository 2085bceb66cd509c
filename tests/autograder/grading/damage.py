"""Ways in which a notebook comes back damaged: by editors, merges, copies, and on purpose.

Each takes a notebook (or its bytes) and a source of chance, and changes it in place.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable
from typing import Any

__all__ = ("ON_BYTES", "ON_NOTEBOOKS", "damage")

Notebook = dict[str, Any]


def _one(notebook: Notebook, chance: random.Random) -> dict[str, Any]:
    cells = [c for c in notebook.get("cells", ()) if isinstance(c, dict)]
    return chance.choice(cells) if cells else {}


def _rules(notebook: Notebook, chance: random.Random) -> dict[str, Any]:
    known = [
        rules
        for cell in notebook.get("cells", ())
        if isinstance(cell.get("metadata"), dict)
        and isinstance(rules := cell["metadata"].get("nbgrader"), dict)
    ]
    return chance.choice(known) if known else {}


def deleted(notebook: Notebook, chance: random.Random) -> None:
    """A cell is gone."""
    if notebook["cells"]:
        del notebook["cells"][chance.randrange(len(notebook["cells"]))]


def doubled(notebook: Notebook, chance: random.Random) -> None:
    """A cell was copied and pasted somewhere."""
    again = copy.deepcopy(_one(notebook, chance))
    if again:
        notebook["cells"].insert(chance.randrange(len(notebook["cells"]) + 1), again)


def shuffled(notebook: Notebook, chance: random.Random) -> None:
    """Cells were dragged about."""
    chance.shuffle(notebook["cells"])


def split(notebook: Notebook, chance: random.Random) -> None:
    """A cell was split in the middle; both halves keep its metadata."""
    cell = _one(notebook, chance)
    if not cell or not isinstance(cell.get("source"), str):
        return
    place, cut = notebook["cells"].index(cell), chance.randrange(len(cell["source"]) + 1)
    half = copy.deepcopy(cell)
    cell["source"], half["source"] = cell["source"][:cut], cell["source"][cut:]
    notebook["cells"].insert(place + 1, half)


def retyped(notebook: Notebook, chance: random.Random) -> None:
    """A cell has become one of another type."""
    _one(notebook, chance)["cell_type"] = chance.choice(("raw", "markdown", "code", "heading", 7))


def stripped(notebook: Notebook, chance: random.Random) -> None:
    """An editor threw all metadata away."""
    del chance
    for cell in notebook["cells"]:
        cell["metadata"] = {}


def renamed(notebook: Notebook, chance: random.Random) -> None:
    """A graded cell claims to be another one, or a path."""
    rules = _rules(notebook, chance)
    if rules:
        other = _rules(notebook, chance).get("grade_id")
        rules["grade_id"] = chance.choice((other, "../../gradebook.db", "", None, "x" * 10_000))


def promoted(notebook: Notebook, chance: random.Random) -> None:
    """A cell says that it is worth more, or is of another kind."""
    _rules(notebook, chance).update(
        chance.choice(({"points": 1_000}, {"points": -3}, {"points": "many"}, {"grade": False},
                       {"solution": True}, {"locked": False}, {"schema_version": 99}))
    )  # fmt: skip


def tagged(notebook: Notebook, chance: random.Random) -> None:
    """Every cell asks not to be run."""
    del chance
    for cell in notebook["cells"]:
        if isinstance(cell.get("metadata"), dict):
            cell["metadata"]["tags"] = ["skip-execution"]


def rewritten(notebook: Notebook, chance: random.Random) -> None:
    """A check or another locked cell says something else."""
    for cell in notebook["cells"]:
        if str(cell.get("id", "")).endswith(("-check", "-card")) and chance.random() < 0.5:
            cell["source"] = "100"


def forged(notebook: Notebook, chance: random.Random) -> None:
    """Outputs claim full marks."""
    del chance
    data = {"text/plain": "99", "application/vnd.toollab.report+json": {"earned": 99}}
    for cell in notebook["cells"]:
        if cell.get("cell_type") == "code":
            cell["outputs"] = [{"output_type": "execute_result", "data": data, "metadata": {}}]


def odd(notebook: Notebook, chance: random.Random) -> None:
    """A field of a cell holds something of another type."""
    cell = _one(notebook, chance)
    key = chance.choice(("source", "metadata", "id", "outputs", "cell_type", "attachments"))
    cell[key] = chance.choice((None, 3, -1.5, [], {}, [["x"]], "\ud800", "\0", True))


def kernel(notebook: Notebook, chance: random.Random) -> None:
    """The notebook asks for another kernel."""
    notebook["metadata"] = {"kernelspec": {"name": chance.choice(("ir", "bash", "../x", 5))}}


def version(notebook: Notebook, chance: random.Random) -> None:
    """The notebook says that it is of another format."""
    notebook["nbformat"] = chance.choice((1, 2, 3, 5, 99, "4", None, 4.0))


def old(notebook: Notebook, chance: random.Random) -> None:
    """The notebook was saved as format 3."""
    del chance
    cells = [
        {**{k: v for k, v in c.items() if k != "source"}, "input": c.get("source")}
        if c.get("cell_type") == "code"
        else c
        for c in notebook.pop("cells")
    ]
    notebook |= {"nbformat": 3, "worksheets": [{"cells": cells, "metadata": {}}]}


def emptied(notebook: Notebook, chance: random.Random) -> None:
    """Answers were cleared."""
    for cell in notebook["cells"]:
        if chance.random() < 0.3:
            cell["source"] = ""


def stranger(notebook: Notebook, chance: random.Random) -> None:
    """A cell of the learner's own stands somewhere."""
    cell = {"cell_type": "code", "id": "../own", "metadata": {}, "source": "own = 1 / 1"}
    notebook["cells"].insert(chance.randrange(len(notebook["cells"]) + 1), cell)


ON_NOTEBOOKS: tuple[Callable[[Notebook, random.Random], None], ...] = (
    deleted, doubled, shuffled, split, retyped, stripped, renamed, promoted, tagged, rewritten,
    forged, odd, kernel, version, emptied, stranger, old,
)  # fmt: skip


def truncated(content: bytes, chance: random.Random) -> bytes:
    """The end of the file is missing."""
    return content[: chance.randrange(len(content))]


def flipped(content: bytes, chance: random.Random) -> bytes:
    """Some bytes are others."""
    changed = bytearray(content)
    for _ in range(chance.randint(1, 20)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def merged(content: bytes, chance: random.Random) -> bytes:
    """Version control left its marks."""
    cut = content.find(b"\n", chance.randrange(len(content)))
    return content[:cut] + b"\n<<<<<<< HEAD\n=======\n>>>>>>> theirs" + content[cut:]


def recoded(content: bytes, chance: random.Random) -> bytes:
    """The file was saved in another encoding."""
    return content.decode().encode(chance.choice(("utf-16", "utf-8-sig", "utf-32", "cp037")))


def doubled_file(content: bytes, chance: random.Random) -> bytes:
    """The file stands in itself twice."""
    del chance
    return content + content


ON_BYTES: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    truncated, flipped, merged, recoded, doubled_file,
)  # fmt: skip


def damage(notebook: Notebook, seed: int) -> tuple[bytes, str]:
    """Return the bytes of a damaged copy, the same for the same seed, and what was done to it."""
    chance = random.Random(seed)  # noqa: S311 - a sample, not a secret
    damaged = copy.deepcopy(notebook)
    done = []
    for act in chance.sample(ON_NOTEBOOKS[:-1], chance.randint(0, 3)):
        act(damaged, chance)
        done.append(act.__name__)
    if chance.random() < 0.1 or not done:
        old(damaged, chance)  # the last, for the others look for cells
        done.append("old")
    content = json.dumps(damaged, indent=1).encode()
    if chance.random() < 0.25:
        act = chance.choice(ON_BYTES)
        content = act(content, chance)
        done.append(act.__name__)
    return content, ", ".join(done)
