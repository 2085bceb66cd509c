"""The configuration of stock nbgrader: its own steps in its order, with ours between them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
from nbgrader.converters import Autograde, GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader
from traitlets.utils.importstring import import_item

from autograder.release.course import Course
from tests.autograder.conftest import MINICOURSE

PACKAGE = Path(__file__).resolve().parents[2] / "autograder"


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch):
    """Return a function that loads the configuration as if called in a folder."""

    def load_in(folder: Path) -> Config:
        monkeypatch.chdir(folder)
        for name in ("PATH", "PYTHONSAFEPATH"):  # the configuration sets them; put them back
            monkeypatch.setenv(name, os.environ.get(name, ""))
        return PyFileConfigLoader("nbgrader_config.py", str(PACKAGE)).load_config()

    return load_in


@pytest.mark.parametrize(
    ("converter", "trait"),
    [
        (Autograde, "sanitize_preprocessors"),
        (Autograde, "autograde_preprocessors"),
        (GenerateFeedback, "preprocessors"),
    ],
)
def test_steps_are_nbgraders_and_ours(load, converter: type, trait: str):
    """Without our steps each list is nbgrader's own, and ours can be imported by name.

    nbgrader wants its lists restated; this fails when an upgrade changes one.
    """
    names = load(MINICOURSE)[converter.__name__][trait]
    steps = [import_item(name) for name in names]
    ours = [step for step in steps if step.__module__.startswith("autograder.")]
    assert ours
    theirs = getattr(converter, trait).default_args[0]
    assert [step for step in steps if step not in ours] == theirs


def test_the_course_is_where_the_command_is_called(load, tmp_path: Path):
    """In a folder with sources that is the course; elsewhere it is this repository."""
    (tmp_path / "other" / "solutions").mkdir(parents=True)
    assert load(tmp_path / "other").CourseDirectory.root == str(tmp_path / "other")
    assert load(tmp_path).CourseDirectory.root == str(PACKAGE.parent)
    assert not (tmp_path / "classroom").exists()


def test_a_class_stays_in_one_folder(load, tmp_path: Path):
    """Everything that a class produces lies under classroom/, which git ignores."""
    (tmp_path / "solutions").mkdir()
    config = load(tmp_path)
    folders = CourseDirectory(config=config)
    for step in ("submitted", "autograded", "feedback", "solution", "source_with_tests"):
        assert getattr(folders, f"{step}_directory") == f"classroom/{step}"
    assert config.CourseDirectory.db_url == f"sqlite:///{tmp_path}/classroom/gradebook.db"
    assert config.ZipCollectApp.downloaded_directory == "classroom/downloaded"
    assert config.CsvExportPlugin.to == f"{tmp_path}/classroom/grades.csv"
    assert (tmp_path / "classroom").is_dir()
    assert "/classroom/" in (PACKAGE.parent / ".gitignore").read_text().splitlines()


def test_stock_command(course: Course):
    """`nbgrader generate_assignment`, called by its path from a bare shell, gives our bytes."""
    released = course.learner("02-counting")
    wanted = released.read_bytes()
    released.unlink()
    done = _nbgrader(course, "generate_assignment", "02-counting", "--force")
    assert done.returncode == 0, done.stderr
    assert released.read_bytes() == wanted
    assert (course.root / "classroom" / "gradebook.db").stat().st_size > 0
    assert "SAWarning" not in done.stderr


def test_an_archive_is_sorted_as_the_manual_says(course: Course):
    """Moodle's archive becomes a folder for each learner, and nothing lies outside `classroom/`."""
    manual = (PACKAGE / "README.md").read_text(encoding="utf-8")
    (option,) = re.findall(r"--FileNameCollectorPlugin\.named_regexp='(.+)'", manual)
    archives = course.root / "classroom" / "downloaded" / "02-counting" / "archive"
    archives.mkdir(parents=True)
    before = {path.name for path in course.root.iterdir()}
    with ZipFile(archives / "moodle.zip", "w") as archive:
        for folder in ("Ann Bee_12345_assignsubmission_file/", "Zo\u00eb_7_assignsubmission_file_"):
            archive.writestr(f"{folder}02-counting.ipynb", "{}")
    option = f"--FileNameCollectorPlugin.named_regexp={option}"
    done = _nbgrader(course, "zip_collect", "02-counting", option)
    assert done.returncode == 0, done.stderr
    submitted = course.root / "classroom" / "submitted"
    for learner in ("Ann Bee", "Zo\u00eb"):
        assert (submitted / learner / "02-counting" / "02-counting.ipynb").read_text() == "{}"
    assert {path.name for path in course.root.iterdir()} == before


def _nbgrader(course: Course, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run nbgrader by its path from a bare shell, in the course's root."""
    return subprocess.run(
        [Path(sys.executable).parent / "nbgrader", *arguments],
        cwd=course.root,
        env={
            "PATH": os.defpath,
            "HOME": str(course.root),
            "JUPYTER_CONFIG_PATH": str(PACKAGE),
        },
        capture_output=True,
        text=True,
        check=False,
    )
