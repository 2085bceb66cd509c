"""Writing course/ from solutions/, and telling where it differs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from autograder.errors import CourseError
from autograder.release import publish
from autograder.release.course import Course, read, to_bytes


def complaints(course: Course) -> list[str]:
    """Return what the check has to say about the whole course."""
    return list(publish.check(course, course.names()))


def test_committed_minicourse_is_current(course: Course):
    """What lies in the repository is what its sources generate."""
    assert complaints(course) == []
    assert list(publish.release(course, course.names())) == []


def edit_released(course: Course) -> None:
    """Edit a learner's notebook by hand."""
    path = course.learner("01-shouting")
    path.write_bytes(path.read_bytes().replace(b"louder", b"softer"))


def edit_source(course: Course) -> None:
    """Edit a source and forget to release it."""
    path = course.source("01-shouting")
    path.write_bytes(path.read_bytes().replace(b"louder", b"softer"))


def delete_released(course: Course) -> None:
    """Lose a learner's notebook."""
    course.learner("01-shouting").unlink()


def edit_beside(course: Course) -> None:
    """Change a file beside a learner's notebook."""
    (course.released / "01-shouting" / "words.txt").write_text("other")


def edit_table(course: Course) -> None:
    """Change a number in the course table."""
    path = course.root / "README.md"
    path.write_text(path.read_text().replace("| 45 |", "| 54 |"))


STALE = "The file is not what its source generates. Hint: python -m autograder release"
LOST = "The file is missing. Hint: python -m autograder release"
OLD = "The course table is out of date. Hint: python -m autograder release"
NOTEBOOK = "course/01-shouting/01-shouting.ipynb"


@pytest.mark.parametrize(
    ("drift", "complaint"),
    [
        (edit_released, f"{NOTEBOOK}: {STALE} 01-shouting"),
        (edit_source, f"{NOTEBOOK}: {STALE} 01-shouting"),
        (delete_released, f"{NOTEBOOK}: {LOST} 01-shouting"),
        (edit_beside, f"course/01-shouting/words.txt: {STALE} 01-shouting"),
        (edit_table, f"README.md: {OLD}"),
    ],
)
def test_drift_is_named_and_mended(course: Course, drift: Callable[[Course], None], complaint: str):
    """A difference is one sentence with the command that mends it, and the command does."""
    drift(course)
    assert complaints(course) == [complaint]
    assert len(list(publish.release(course, course.names()))) == 1
    assert complaints(course) == []


def test_extra_file(course: Course):
    """A file that nothing generates is named, and left for a person to delete."""
    extra = course.released / "01-shouting" / "notes.txt"
    extra.touch()
    (complaint,) = complaints(course)
    assert complaint.startswith("course/01-shouting/notes.txt: Nothing in solutions/01-shouting")
    assert list(publish.release(course, course.names())) == []
    assert extra.exists()


def test_orphan(course: Course):
    """A released notebook whose source is gone is named."""
    (course.released / "03-gone").mkdir()
    (complaint,) = complaints(course)
    assert complaint.startswith("course/03-gone: No folder solutions/03-gone generates this one.")


def test_hand_made_parts_stay(course: Course):
    """A release leaves the library and the words around the table as they are."""
    library = course.released / "toollab" / "calls.py"
    library.parent.mkdir()
    library.write_text("# by hand")
    readme = course.released / "README.md"
    readme.write_text("above\n" + readme.read_text() + "below\n")
    edit_source(course)
    changed = [path.name for path in publish.release(course, course.names())]
    assert changed == ["01-shouting.ipynb"]
    assert library.read_text() == "# by hand"
    assert readme.read_text().startswith("above\n")
    assert readme.read_text().endswith("below\n")


def test_names_narrow(course: Course):
    """Naming a notebook writes that one and the tables, nothing else."""
    for name in course.names():
        course.learner(name).unlink()
    changed = [course.shown(path) for path in publish.release(course, ["02-counting"])]
    assert changed == ["course/02-counting/02-counting.ipynb"]


def test_refused_source_is_named(course: Course):
    """An error of nbgrader's comes with the file it is about."""
    notebook = read(course.source("02-counting"))
    notebook.cells[0].source += "\n### BEGIN SOLUTION"
    course.source("02-counting").write_bytes(to_bytes(notebook))
    with pytest.raises(CourseError, match=r"^solutions/02-counting/02-counting\.ipynb: nbgrader"):
        list(publish.release(course, ["02-counting"]))
