"""What stands outside of the wall and reads what learners wrote."""

from __future__ import annotations

import copy
import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from autograder.cli.course import detect
from autograder.grading.doctor import examine
from autograder.grading.epilogue import epilogue
from autograder.grading.harmless import make_harmless
from autograder.grading.intake import mend
from autograder.grading.plan import plan
from autograder.release.course import here
from tests.conftest import ROOT

NAME = "10-performance-benefits"
RELEASED = json.loads((ROOT / "course" / NAME / f"{NAME}.ipynb").read_text("utf-8"))


def _cell(name: str, source: str) -> dict[str, Any]:
    return {"cell_type": "code", "id": name, "metadata": {}, "source": source, "outputs": []}


ODD_CODE = [
    "def f(a, a): pass",
    "x = 1\nglobal x",
    "def f():\n    nonlocal x",
    "[x := 1 for x in y]",
    "x = " + "-" * 600 + "1",
    "x" + ".y" * 1_500,
    "if a: pass\n" + "elif a: pass\n" * 900,
]


@pytest.mark.parametrize("source", ODD_CODE, ids=range(len(ODD_CODE)))
def test_a_cell_that_is_wrong_costs_nobody_the_rest(source: str) -> None:
    """What can be parsed and is wrong all the same is run like any other cell."""
    cells = [_cell("own", source), _cell("c-check", "1"), _cell("end", "print(1)")]
    assert epilogue(cells, {"end": cells[2]}, ["c-check"]) in ({}, {2: []})


def test_a_long_cell_is_not_looked_through() -> None:
    """Whoever is not behind the wall spends no gigabyte on a learner's text."""
    tracemalloc.start()
    cells = [_cell("own", "a=1;" * 20_000), _cell("c-check", "1"), _cell("end", "print(1)")]
    epilogue(cells, {"end": cells[2]}, ["c-check"])
    handed = copy.deepcopy(RELEASED)
    place = next(n for n, cell in enumerate(handed["cells"]) if cell["id"] == "start-times")
    texts = ["x = [\n" + "0," * 50_000, "0," * 50_000, "0]"]
    handed["cells"][place : place + 1] = [
        {**handed["cells"][place], "source": text} for text in texts
    ]
    mend(json.dumps(handed).encode(), RELEASED)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 30_000_000


def test_who_answers_in_a_copy_has_answered() -> None:
    """The untouched first of two copies is not the answer."""
    handed = copy.deepcopy(RELEASED)
    place = next(n for n, cell in enumerate(handed["cells"]) if cell["id"] == "start-times")
    twin = {**handed["cells"][place], "id": "copy", "source": "start_times = sorted"}
    handed["cells"].insert(place + 1, twin)
    intake = mend(json.dumps(handed).encode(), RELEASED)
    assert intake.notebook is not None
    assert "start-times" not in intake.untouched
    assert "start_times = sorted" in [cell["source"] for cell in intake.notebook["cells"]]


def test_a_folder_that_may_not_be_read_stops_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Modes come with archives and shared folders."""
    for student in ("ann", "eve"):
        (tmp_path / student / NAME).mkdir(parents=True)
    exists = Path.exists

    def refused(path: Path, **options: Any) -> bool:
        if path.parent.name == "eve":
            raise PermissionError(13, "Permission denied", str(path))
        return exists(path, **options)

    monkeypatch.setattr(Path, "exists", refused)
    assert [job.student for job in plan(tmp_path, NAME)] == ["ann", "eve"]


ACTS = [
    "[my drawing](javascript:alert(1))",
    "[my drawing](&#106;avascript:alert(1))",
    "[my drawing](java\\script:alert(1))",
    "[x][1]\n\n[1]: JavaScript:alert(1)",
    r"$\href{javascript:alert(1)}{x}$",
    r"$\def\go#1{\href{#1script:alert(1)}{x}}\go{java}$",
    r"$\style{position:fixed;top:0}{x}$",
    "<p>[x](&#106;avascript:alert(1))</p>",
    "<div style='position:/**/fixed;top:0'>10 of 10 points</div>",
    r"<div style=p\6fsition:fixed>10 of 10 points</div>",
    r"<p title='>' style='p\6fsition:fixed'>10 of 10 points</p>",
    "<div style='margin:0 0 0 -900px'>10 of 10 points</div>",
    "<svg style='overflow: visible'><text y=-900>10 of 10 points</text></svg>",
    "<div class=navbar-fixed-top>10 of 10 points</div>",
    "<div style='margin-top:-900px'>10 of 10 points</div>",
    "<span data-toggle=tooltip>x</span>",
]


@pytest.mark.parametrize("markup", ACTS)
def test_formgrader_gets_no_link_and_no_overlay(markup: str) -> None:
    """Markdown and formulas can act without a single element."""
    markdown = {"cell_type": "markdown", "id": "m", "metadata": {}, "source": markup}
    code = _cell("c", "1")
    code["outputs"] = [
        {"output_type": "display_data", "metadata": {}, "data": {mime: markup, "text/plain": "p"}}
        for mime in ("text/markdown", "text/html", "text/latex")
    ]
    make_harmless({"cells": [markdown, code]}, checks=(), released=())
    assert all(line.startswith("    ") for line in markdown["source"].splitlines())
    assert all(set(output["data"]) == {"text/plain"} for output in code["outputs"])


def test_what_only_shows_stays() -> None:
    """What the course's own cells show, formulas and words about links are no danger."""
    shown = [
        r"$\frac{1}{2}$ of all calls",
        "see https://example.org",
        r'<p style="margin:1px">a\b</p>',
    ]
    for path in sorted((ROOT / "solutions").glob("*/*.ipynb")):
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            outputs = [output.get("data", {}) for output in cell.get("outputs", ())]
            shown += ["".join(data.get("text/html", "")) for data in outputs]
    cells = [_cell(f"c{n}", "1") for n in range(len(shown))]
    for cell, text in zip(cells, shown, strict=True):
        cell["outputs"] = [
            {"output_type": "display_data", "metadata": {}, "data": {"text/html": text}}
        ]
    make_harmless({"cells": cells}, checks=(), released=())
    assert [cell["outputs"][0]["data"].get("text/html") for cell in cells] == shown


def test_recorded_calls_do_nothing_to_a_terminal(tmp_path: Path) -> None:
    """`detect` reads logs of others."""
    file = tmp_path / "calls.jsonl"
    call = '{"id":"\\u001b[31mx","name":"n","arguments":{}}'
    record = f'{{"id":"\\u001b[2J\\ud800","calls":[{call}],"tools":[]}}\n'
    file.write_text(record + record.replace(call, f"{call},{call}"), "utf-8")
    done = CliRunner().invoke(detect, [str(file), "--root", str(ROOT)], color=True)
    assert done.exception is None or isinstance(done.exception, SystemExit)
    assert "\x1b" not in done.output


@pytest.mark.needs("bwrap")
def test_doctor_runs_nothing_of_a_notebook_outside_of_the_wall(tmp_path: Path) -> None:
    """Without the sources a notebook's checks are its own, and so is what they would do."""
    pwned = tmp_path / "pwned"
    handed = copy.deepcopy(RELEASED)
    for cell in handed["cells"]:
        if cell["id"] == "start-times-check":
            cell["source"] = f"open({str(pwned)!r}, 'w').close()\n8.0"
        if cell["id"] == "set-up":
            cell["source"] = f"check = open({str(pwned)!r}, 'w')"
    (tmp_path / "course").mkdir()
    (tmp_path / "handed.ipynb").write_text(json.dumps(handed), "utf-8")
    examine(tmp_path / "handed.ipynb", here(tmp_path))
    assert not pwned.exists()
