"""Where a course keeps its files, and how a notebook becomes bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.errors import CourseError

if TYPE_CHECKING:
    from nbformat import NotebookNode  # it takes a second, and most commands need none of it

__all__ = ("Course", "here", "parse", "read", "to_bytes")

NAME = re.compile(r"\d{2}(-[a-z0-9]+)+")
"""What a notebook, and its folder, may be called: two digits and a slug."""


@dataclass(frozen=True, slots=True)
class Course:
    """One course on disk: `solutions/` is written by hand, `course/` is generated from it."""

    root: Path

    @property
    def solutions(self) -> Path:
        """The folder of source notebooks."""
        return self.root / "solutions"

    @property
    def released(self) -> Path:
        """The folder that a learner receives."""
        return self.root / "course"

    @property
    def tables(self) -> tuple[Path, ...]:
        """The files that carry a generated course table."""
        return (self.root / "README.md", self.released / "README.md")

    def source(self, name: str) -> Path:
        """Return the path of one source notebook."""
        return self.solutions / name / f"{name}.ipynb"

    def learner(self, name: str) -> Path:
        """Return the path of one learner's notebook."""
        return self.released / name / f"{name}.ipynb"

    def shown(self, path: Path) -> str:
        """Return a path the way a message shows it: relative to the course, with slashes."""
        return path.relative_to(self.root).as_posix()

    def names(self, wanted: Sequence[str] = ()) -> tuple[str, ...]:
        """Return the names of the source notebooks in reading order.

        `wanted` narrows them: a full name, the number in front of it (`03` or `3`), or the path
        of the notebook or its folder.  Raises `CourseError` for a folder that does not fit the
        layout and for a name nobody has.
        """
        if not self.solutions.is_dir():
            raise CourseError(
                f"There is no folder {self.solutions}. Hint: call the command from the root of the"
                " course, or name that root with --root."
            )
        known = sorted(path.name for path in self.solutions.iterdir() if self._is_notebook(path))
        for name in known:
            if not NAME.fullmatch(name):
                raise CourseError(
                    f"The folder solutions/{name} has a name that is not two digits and a slug."
                    " Hint: rename it, for example to 03-parallel-execution."
                )
            if not self.source(name).is_file():
                raise CourseError(
                    f"The folder solutions/{name} has no notebook of the same name."
                    f" Hint: call the notebook {name}.ipynb."
                )
        if not wanted:
            return tuple(known)
        return tuple(sorted({_one_of(known, word) for word in wanted}))

    @staticmethod
    def _is_notebook(path: Path) -> bool:
        return path.is_dir() and any(path.glob("*.ipynb"))


def _one_of(known: Sequence[str], word: str) -> str:
    plain = Path(word).stem if "/" in word or word.endswith(".ipynb") else word
    number = plain.zfill(2)
    found = [name for name in known if name == plain or name.split("-")[0] == number]
    if len(found) != 1:
        raise CourseError(
            f"No notebook is called {word!r}. Hint: the notebooks are {', '.join(known) or 'none'}."
        )
    return found[0]


def here(root: Path | None = None) -> Course:
    """Return the course in `root`, else in the working directory, else around this package."""
    if root is not None:
        return Course(root.resolve())
    places = (Path.cwd(), Path(__file__).resolve().parents[2])
    return Course(next((place for place in places if (place / "solutions").is_dir()), places[0]))


def read(path: Path) -> NotebookNode:
    """Read a notebook of format 4.  Raises `CourseError` if it is not one."""
    try:
        return parse(path.read_bytes())
    except Exception as error:  # nbformat stumbles in many ways over JSON that is no notebook
        raise CourseError(
            f"{path} is not a readable notebook: {error}. Hint: open it in JupyterLab and save it,"
            " or take the last version that was."
        ) from error


def parse(content: bytes) -> NotebookNode:
    """Return the notebook that these bytes hold.

    Raises `ValueError`, or whatever nbformat stumbles over, if it is not one of format 4.
    """
    text = content.decode()
    data = json.loads(text)
    if not isinstance(data, dict) or data.get("nbformat") != 4:
        raise ValueError("it is not of notebook format 4")
    import nbformat  # noqa: PLC0415 - late, as above

    told: dict[str, Exception] = {}
    notebook: NotebookNode = nbformat.reads(  # type: ignore[no-untyped-call]
        text, as_version=4, capture_validation_error=told
    )
    for error in told.values():
        raise error
    return notebook


def to_bytes(notebook: NotebookNode) -> bytes:
    """Return the bytes of a notebook as nbformat writes them: sorted keys, indent 1, UTF-8."""
    import nbformat  # noqa: PLC0415 - late, as above

    text: str = nbformat.writes(notebook, version=4)  # type: ignore[no-untyped-call]
    return (text.rstrip("\n") + "\n").encode()
