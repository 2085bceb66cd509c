"""Execute source notebooks and store what they show, the same bytes every time."""

from __future__ import annotations

from autograder.errors import CourseError
from autograder.release.canonical import canonical, keep_real_time
from autograder.release.course import Course, parse, read, to_bytes
from autograder.release.kernel import CellError, run

__all__ = ("check", "refresh", "refreshed")


def refreshed(
    course: Course, name: str, *, renew: bool = False, ignore_real_time: bool = False
) -> bytes:
    """Run one source notebook and return the bytes to store.

    Outputs that show real time are kept while they differ in nothing but numbers; `renew`
    takes the fresh ones, `ignore_real_time` the stored ones.  Raises `CourseError` naming the
    cell that failed.
    """
    path = course.source(name)
    stored = read(path)
    try:
        fresh = canonical(run(stored, path.parent))
    except CellError as failed:
        raise CourseError(
            f"{course.shown(path)}: {failed.cell_id}: {failed.what}. Hint: run the notebook from"
            " top to bottom in JupyterLab; a cell that shall raise needs the tag raises-exception."
        ) from failed
    if not renew:
        fresh = keep_real_time(fresh, canonical(stored), always=ignore_real_time)
    return to_bytes(fresh)


def refresh(course: Course, name: str, *, renew: bool = False) -> bool:
    """Store what one source notebook shows today.  Tell whether that changed its file."""
    path = course.source(name)
    content = refreshed(course, name, renew=renew)
    if path.read_bytes() == content:
        return False
    path.write_bytes(content)
    return True


def check(course: Course, name: str) -> str | None:
    """Return what is wrong with one notebook or its stored outputs, or `None`."""
    path = course.source(name)
    try:
        content = refreshed(course, name, ignore_real_time=True)
    except CourseError as error:
        return str(error)
    if path.read_bytes() == content:
        return None
    cell_id = _first_difference(course, name, content)
    return (
        f"{course.shown(path)}: {cell_id}: What is stored is not what a run gives."
        f" Hint: python -m autograder refresh {name}"
    )


def _first_difference(course: Course, name: str, content: bytes) -> str:
    stored = read(course.source(name))
    fresh = parse(content)
    for old, new in zip(stored.cells, fresh.cells, strict=False):
        if old != new:
            return str(old.id)
    return "notebook"
