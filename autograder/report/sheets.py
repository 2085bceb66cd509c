"""Write the feedback of a class: one page for each learner and notebook."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

from autograder.grading.engine import Classroom
from autograder.grading.gradebook import Gradebook
from autograder.grading.journal import Journal
from autograder.grading.plan import Assignment, load
from autograder.grading.results import NotebookResult
from autograder.grading.storing import write_whole
from autograder.report.feedback import feedback_page

__all__ = ("graded", "write_feedback", "write_pages")


def graded(url: str, names: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return which of these assignments the gradebook knows, and which not."""
    known: list[str] = []
    others: list[str] = []
    with Gradebook(url) as book:
        for name in names:
            (known if book.has(name, name) else others).append(name)
    return known, others


def write_pages(
    root: Path, names: Iterable[str], classroom: Classroom, url: str, students: Collection[str]
) -> str:
    """Write the pages of these assignments and return a sentence that says how many, and where."""
    with Gradebook(url) as book:
        count = sum(
            len(write_feedback(load(root, name), classroom, book, students)) for name in names
        )
    return f"written: {count} {'page' if count == 1 else 'pages'} in {classroom.feedback}"


def write_feedback(
    assignment: Assignment,
    classroom: Classroom,
    book: Gradebook,
    students: Collection[str] = (),
) -> list[Path]:
    """Write the newest result of each learner as a page and return the pages' paths.

    Marks and comments that people gave since grading are included.  `students` narrows them.
    """
    marks = book.marks(assignment.name, assignment.name)
    penalties = book.penalties(assignment.name)
    written = []
    name = assignment.name
    with Journal(classroom.journal(name), write=False) as journal:
        for result in journal.latest():
            student = result.student
            if students and student not in students:
                continue
            page = feedback_page(
                result,
                answers=_answers(assignment, result),
                marks=marks.get(student, {}),
                penalty=penalties.get(student, 0.0),
            )
            path = classroom.feedback / student / assignment.name / f"{name}.html"
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, page.encode("utf-8", "replace"))
            written.append(path)
    return written


def _answers(assignment: Assignment, result: NotebookResult) -> dict[str, str]:
    """Return what the learner wrote before each graded cell."""
    if result.cells is None:
        return {}
    texts = {
        cell["metadata"].get("nbgrader", {}).get("grade_id"): cell["source"]
        for cell in result.cells["cells"]
    }
    return {
        cell.grade_id: "\n\n".join(texts.get(answer, "") for answer in cell.answers)
        for cell in assignment.graded
    }
