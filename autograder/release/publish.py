"""Write `course/` from `solutions/`, or tell where it differs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from nbgrader.utils import find_all_files

from autograder.errors import CourseError
from autograder.release.build import learner_notebook
from autograder.release.course import NAME, Course, read, to_bytes
from autograder.release.tables import with_table

__all__ = ("check", "generated", "release")

_IGNORED = [".ipynb_checkpoints", "*.pyc", "__pycache__"]
_COMMAND = "python -m autograder release"


def generated(course: Course, name: str) -> dict[Path, bytes]:
    """Return every file of one learner's folder: the notebook and what lies beside its source."""
    try:
        notebook = learner_notebook(read(course.source(name)))
    except CourseError as error:
        raise CourseError(f"{course.shown(course.source(name))}: {error}") from error
    files = {course.learner(name): to_bytes(notebook)}
    folder = course.source(name).parent
    for found in find_all_files(str(folder), [*_IGNORED, "*.ipynb"]):
        beside = Path(found)
        files[course.released / name / beside.relative_to(folder)] = beside.read_bytes()
    return files


def release(course: Course, names: Sequence[str]) -> Iterator[Path]:
    """Write the learner's folders of these notebooks and the course tables; yield what changed."""
    for name in names:
        for path, content in generated(course, name).items():
            if _differs(path, content):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
                yield path
    for path in course.tables:
        content = with_table(course, path)
        if _differs(path, content):
            path.write_bytes(content)
            yield path


def check(course: Course, names: Sequence[str]) -> Iterator[str]:
    """Yield one sentence for each file that is not what its source generates."""
    for name in names:
        files = generated(course, name)
        for path, content in files.items():
            if _differs(path, content):
                state = "is not what its source generates" if path.exists() else "is missing"
                yield f"{course.shown(path)}: The file {state}. Hint: {_COMMAND} {name}"
        for found in find_all_files(str(course.released / name), _IGNORED):
            if Path(found) not in files:
                yield (
                    f"{course.shown(Path(found))}: Nothing in solutions/{name} generates this file."
                    " Hint: delete it, or move it beside the source notebook."
                )
    yield from _orphans(course)
    for path in course.tables:
        if _differs(path, with_table(course, path)):
            yield f"{course.shown(path)}: The course table is out of date. Hint: {_COMMAND}"


def _orphans(course: Course) -> Iterator[str]:
    known = set(course.names())
    for folder in sorted(course.released.iterdir()) if course.released.is_dir() else ():
        if NAME.fullmatch(folder.name) and folder.name not in known:
            yield (
                f"{course.shown(folder)}: No folder solutions/{folder.name} generates this one."
                " Hint: delete the folder, or put its source back."
            )


def _differs(path: Path, content: bytes) -> bool:
    return not path.is_file() or path.read_bytes() != content
