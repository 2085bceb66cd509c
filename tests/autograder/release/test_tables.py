"""The course table, computed from the notebooks."""

from __future__ import annotations

import pytest

from autograder.errors import CourseError
from autograder.release.course import Course, read
from autograder.release.tables import BEGIN, END, Row, row, table, with_table


def test_row(course: Course):
    """A row takes the title from the text, minutes from metadata, and counts the rest."""
    notebook = read(course.source("01-shouting"))
    assert row("01-shouting", notebook) == Row("01-shouting", "Shouting", 45, 1, 6)


def test_table():
    """The table links each notebook from where it stands and adds everything up."""
    rows = [Row("01-one", "One", 45, 1, 2.5), Row("02-two", "Two", 60, 3, 4)]
    assert table(rows, "course").splitlines()[2:] == [
        "| 01 | [One](course/01-one/01-one.ipynb) | 45 | 1 | 2.5 |",
        "| 02 | [Two](course/02-two/02-two.ipynb) | 60 | 3 | 4 |",
        "| | Together | 105 | 4 | 6.5 |",
    ]


def test_links_lead_to_files(course: Course):
    """Every link of every generated table leads to a learner's notebook."""
    for path in course.tables:
        links = [
            line.split("](")[1].split(")")[0]
            for line in path.read_text().splitlines()
            if "](" in line
        ]
        assert len(links) == 2
        assert all((path.parent / link).is_file() for link in links)


@pytest.mark.parametrize("text", [None, "", BEGIN, END, f"{END}\n{BEGIN}"])
def test_no_place_for_the_table(course: Course, text: str | None):
    """A file without both markers, in order, is named with the lines to add."""
    path = course.root / "README.md"
    path.unlink() if text is None else path.write_text(text)
    with pytest.raises(CourseError, match=r"^README\.md has no place .* Hint: put the lines <!--"):
        with_table(course, path)


def test_no_minutes(course: Course):
    """A notebook that does not say how long it takes is named with what to add."""
    notebook = read(course.source("01-shouting"))
    del notebook.metadata["toollab"]
    with pytest.raises(CourseError, match=r"01-shouting\.ipynb does not say how many minutes"):
        row("01-shouting", notebook)


def test_no_title(course: Course):
    """A notebook without a heading of level 1 is named."""
    notebook = read(course.source("01-shouting"))
    notebook.cells[0].source = "Shouting"
    with pytest.raises(CourseError, match=r"01-shouting\.ipynb has no title"):
        row("01-shouting", notebook)
