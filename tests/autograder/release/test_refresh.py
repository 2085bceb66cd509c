"""Executing source notebooks and storing what they show."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.errors import CourseError
from autograder.release.course import Course, read, to_bytes
from autograder.release.kernel import CellError, run
from autograder.release.refresh import check, refresh

SLIDER = "import ipywidgets\nipywidgets.IntSlider(description='tools')"


def one(course: Course, *sources: str) -> str:
    """Put one more notebook with these code cells into the course and return its name."""
    name = "03-more"
    cells = [new_code_cell(source, id=f"cell-{index}") for index, source in enumerate(sources)]
    course.source(name).parent.mkdir()
    course.source(name).write_bytes(to_bytes(new_notebook(cells=cells)))
    return name


def test_twice_gives_the_same_bytes(course: Course):
    """A second run changes nothing, though cells show widgets, several streams and real time."""
    assert not refresh(course, "01-shouting")
    name = one(course, SLIDER, "print(1)\nprint(2)", "for i in range(3): print(i, flush=True)")
    assert check(course, name) is not None
    assert refresh(course, name)
    assert not refresh(course, name)
    assert check(course, name) is None
    text = course.source(name).read_text()
    assert "widget-view" not in text
    assert "IntSlider(value=0, description='tools')" in text


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("1 / 0", "The cell raised ZeroDivisionError: division by zero"),
        ("raise ExceptionGroup('two', [ValueError(1)])", "The cell raised ExceptionGroup: two"),
        ("import os; os._exit(1)", "The kernel died while the cell ran"),
    ],
)
def test_failing_cell_is_named(course: Course, source: str, what: str):
    """A cell that fails is named with file, id and error, and nothing is written."""
    name = one(course, "print('fine')", source)
    before = course.source(name).read_bytes()
    with pytest.raises(CourseError) as caught:
        refresh(course, name)
    assert str(caught.value).startswith(f"solutions/{name}/{name}.ipynb: cell-1: {what}")
    assert "Hint: " in str(caught.value)
    assert course.source(name).read_bytes() == before


def test_endless_cell_is_named(tmp_path: Path):
    """A cell that never ends is stopped at the limit and named."""
    notebook = new_notebook(cells=[new_code_cell("while True: pass", id="endless")])
    with pytest.raises(CellError, match="still running after 1 s") as caught:
        run(notebook, tmp_path, timeout=1)
    assert caught.value.cell_id == "endless"


def test_check_names_the_cell(course: Course):
    """A stored output that a run does not give is named with the command that mends it."""
    path = course.source("02-counting")
    path.write_bytes(path.read_bytes().replace(b"every letter is counted", b"letters", 1))
    notebook = read(path)
    next(cell for cell in notebook.cells if cell.id == "most-check").outputs = []
    path.write_bytes(to_bytes(notebook))
    assert check(course, "02-counting") == (
        "solutions/02-counting/02-counting.ipynb: count-all-check: What is stored is not what a"
        " run gives. Hint: python -m autograder refresh 02-counting"
    )


def test_check_ignores_real_time(course: Course):
    """A cell marked as showing real time may have stored anything."""
    notebook = read(course.source("01-shouting"))
    waited = next(cell for cell in notebook.cells if cell.id == "waited")
    waited.outputs[0].data["text/plain"] = "another machine, another day"
    course.source("01-shouting").write_bytes(to_bytes(notebook))
    assert check(course, "01-shouting") is None


def test_renew_takes_the_fresh_time(course: Course):
    """Asked to renew, a run replaces real time too."""
    notebook = read(course.source("01-shouting"))
    waited = next(cell for cell in notebook.cells if cell.id == "waited")
    waited.outputs[0].data["text/plain"] = "'waited 999.0 s'"
    course.source("01-shouting").write_bytes(to_bytes(notebook))
    assert not refresh(course, "01-shouting")
    assert refresh(course, "01-shouting", renew=True)
    assert "999.0" not in course.source("01-shouting").read_text()


def test_run_depends_on_nothing_around(tmp_path: Path, monkeypatch):
    """A run sees no API key, no start-up file, and no module that lies beside the notebook."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", "secret")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    startup = tmp_path / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00.py").write_text("polluted = True")
    (tmp_path / "statistics.py").write_text("raise SystemExit")
    source = (
        "import os, statistics\n"
        "os.environ.get('ANTHROPIC_API_KEY'), 'polluted' in globals(), statistics.mean([1, 3])"
    )
    notebook = run(new_notebook(cells=[new_code_cell(source, id="x")]), tmp_path)
    assert notebook.cells[0].outputs[0].data["text/plain"] == "(None, False, 2)"
    assert os.environ["ANTHROPIC_API_KEY"] == "secret"
