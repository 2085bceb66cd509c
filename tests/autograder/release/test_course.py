"""How a course's notebooks are found and named."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.errors import CourseError
from autograder.release.course import Course, here, read, to_bytes

NAMES = ("01-shouting", "02-counting")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ((), NAMES),
        (("02",), NAMES[1:]),
        (("02-counting", "01"), NAMES),
        (("01", "01-shouting"), NAMES[:1]),
        (("2",), NAMES[1:]),
        (("course/02-counting/02-counting.ipynb", "solutions/01-shouting/"), NAMES),
    ],
)
def test_names(course: Course, wanted, found):
    """A name, a number or a path calls a notebook; they come in reading order, each once."""
    assert course.names(wanted) == found


def test_unknown_name(course: Course):
    """A name that nobody has is refused with the names there are."""
    with pytest.raises(
        CourseError, match=r"'03'\. Hint: the notebooks are 01-shouting, 02-counting\."
    ):
        course.names(["03"])


def test_no_sources(tmp_path: Path):
    """Called outside a course, the error says where it looked."""
    with pytest.raises(CourseError, match=r"There is no folder .*solutions\. Hint: "):
        Course(tmp_path).names()


@pytest.mark.parametrize(
    ("folder", "notebook", "complaint"),
    [
        ("3-short", "3-short", "two digits and a slug"),
        ("03_under", "03_under", "two digits and a slug"),
        ("03-other", "notebook", "no notebook of the same name"),
    ],
)
def test_layout(course: Course, folder: str, notebook: str, complaint: str):
    """A folder or file whose name does not fit the layout is named."""
    (course.solutions / folder).mkdir()
    (course.solutions / folder / f"{notebook}.ipynb").touch()
    with pytest.raises(CourseError, match=f"solutions/{folder} .*{complaint}"):
        course.names()


def test_other_folders_are_no_notebooks(course: Course):
    """A folder without notebooks, such as pictures, is not taken for one."""
    (course.solutions / "pictures").mkdir()
    assert course.names() == NAMES


def test_here(course: Course, tmp_path: Path, monkeypatch):
    """The course is the named root, else the working directory, else the repository."""
    assert here(course.root) == course
    monkeypatch.chdir(course.root)
    assert here() == course
    monkeypatch.chdir(tmp_path)
    assert here().root == Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff",
        b"[]",
        b'{"cells": []}',
        b'{"nbformat": 4, "nbformat_minor": 5, "cells": 1}',
    ],
)
def test_unreadable(tmp_path: Path, content: bytes):
    """A file that is no notebook is named in one sentence."""
    path = tmp_path / "broken.ipynb"
    path.write_bytes(content)
    with pytest.raises(CourseError, match=r"broken\.ipynb is not a readable notebook"):
        read(path)


@pytest.mark.parametrize("name", NAMES)
def test_bytes_are_stable(course: Course, name: str):
    """Reading a stored notebook and writing it again gives the same bytes."""
    path = course.source(name)
    assert to_bytes(read(path)) == path.read_bytes()
