"""The course gate: every rule can fail, and says which cell, what and what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from autograder.release.course import Course, read, to_bytes
from autograder.release.lint import RULES, RUNNING_RULES, Source, judge, lint, real_time_cells
from tests.autograder.conftest import MINICOURSE

NAME = "02-counting"


def cell(notebook: NotebookNode, name: str) -> NotebookNode:
    """Return the cell with this id."""
    return next(cell for cell in notebook.cells if cell.id == name)


def replaced(name: str, old: str, new: str) -> Callable[[NotebookNode], None]:
    """Return a mutation that replaces text in one cell's source."""

    def mutate(notebook: NotebookNode) -> None:
        assert old in cell(notebook, name).source
        cell(notebook, name).source = cell(notebook, name).source.replace(old, new)

    return mutate


def added(source: str, **metadata) -> Callable[[NotebookNode], None]:
    """Return a mutation that adds a code cell `more` before the recap."""

    def mutate(notebook: NotebookNode) -> None:
        notebook.cells.insert(-1, new_code_cell(source, id="more", metadata=metadata))

    return mutate


def between(source: str) -> Callable[[NotebookNode], None]:
    """Return a mutation that adds a code cell `more` between a stub and its check."""

    def mutate(notebook: NotebookNode) -> None:
        place = notebook.cells.index(cell(notebook, "most-check"))
        notebook.cells.insert(place, new_code_cell(source, id="more"))

    return mutate


def text(source: str) -> Callable[[NotebookNode], None]:
    """Return a mutation that adds a Markdown cell `more` before the recap."""

    def mutate(notebook: NotebookNode) -> None:
        notebook.cells.insert(-1, new_markdown_cell(source, id="more"))

    return mutate


def shown(kind: str = "display_data", **fields) -> Callable[[NotebookNode], None]:
    """Return a mutation that stores one more output with the set-up cell."""

    def mutate(notebook: NotebookNode) -> None:
        cell(notebook, "set-up").outputs.append(new_output(kind, **fields))

    return mutate


def removed(name: str) -> Callable[[NotebookNode], None]:
    """Return a mutation that removes a cell."""
    return lambda notebook: notebook.cells.remove(cell(notebook, name))


def graded(name: str, **values) -> Callable[[NotebookNode], None]:
    """Return a mutation of a cell's nbgrader metadata."""
    return lambda notebook: cell(notebook, name).metadata.nbgrader.update(values)


def card(**values) -> Callable[[NotebookNode], None]:
    """Return a mutation of a card's metadata."""
    return lambda notebook: cell(notebook, "most-card").metadata.toollab.exercise.update(values)


def renamed(old: str, new: str) -> Callable[[NotebookNode], None]:
    """Return a mutation that gives a cell another id."""
    return lambda notebook: cell(notebook, old).update(id=new)


def minutes(value: object) -> Callable[[NotebookNode], None]:
    """Return a mutation of the notebook's minutes."""
    return lambda notebook: notebook.metadata.toollab.update(minutes=value)


def swap(notebook: NotebookNode) -> None:
    """Put an exercise's hints behind its check."""
    hints = cell(notebook, "most-hints")
    notebook.cells.remove(hints)
    notebook.cells.insert(-1, hints)


def report(**values) -> Callable[[NotebookNode], None]:
    """Return a mutation of the report stored with a check."""
    mime = "application/vnd.toollab.report+json"
    return lambda notebook: cell(notebook, "most-check").outputs[0].data[mime].update(values)


def forget(notebook: NotebookNode) -> None:
    """Clear the outputs of a check."""
    cell(notebook, "most-check").outputs = []


def late_await(notebook: NotebookNode) -> None:
    """Await in the first code cell."""
    cell(notebook, "set-up").source += "\nasync with toollab.world() as w: ..."


def long_function(notebook: NotebookNode) -> None:
    """Define a function of sixteen lines."""
    added("def f():\n" + "    1\n" * 15)(notebook)


@dataclass(frozen=True)
class Case:
    """A mutation of a good notebook, and what its rule says about which cell."""

    mutate: Callable[[NotebookNode], None]
    cell: str
    says: str


CASES = {
    "ids_are_kebab_case": [
        Case(renamed("kit", "My_Kit"), "My_Kit", "is not a name in kebab-case"),
        Case(renamed("kit", "0a1b2c3d"), "0a1b2c3d", "is not a name in kebab-case"),
        Case(renamed("kit", "deadbee1-0000-4000-8000-0123456789ab"), "deadbee1", "kebab-case"),
        Case(renamed("kit", "k" * 65), "k" * 65, "is not a name in kebab-case"),
    ],
    "ids_are_unique": [Case(renamed("kit", "checks"), "checks", "2 cells have this id")],
    "grade_ids_match": [
        Case(graded("most", grade_id="other"), "most", "Its grade_id is 'other'"),
        Case(graded("most", schema_version=2), "most", "has not schema_version 3"),
    ],
    "one_title": [
        Case(text("# Again"), "more", "This is a second title"),
        Case(text("Again\n====="), "more", "This is a second title"),
        Case(replaced("title", "# C", "C"), "title", "does not begin with a title"),
    ],
    "headings_never_skip": [
        Case(text("##### Deep"), "more", "A heading of level 5 follows one of level 3"),
        Case(text("## A\n\n#### B"), "more", "A heading of level 4 follows one of level 2"),
    ],
    "pictures_have_a_text": [
        Case(text("![](gone.png)"), "more", "A picture (gone.png) has no text"),
        Case(text('<img src="data:x">'), "more", "A picture (data:x) has no text"),
        Case(text('text <img src="data:x" alt=" "> text'), "more", "A picture (data:x) has no"),
        Case(shown(data={"image/svg+xml": "<svg><g/></svg>"}), "set-up", "A picture (svg) has no"),
        Case(
            shown(data={"text/html": '<p><svg aria-label="no role"></svg>'}),
            "set-up",
            "A picture (svg) has no text",
        ),
        Case(
            shown(data={"image/svg+xml": '<svg role="img"><g><title>deep</title></g></svg>'}),
            "set-up",
            "A picture (svg) has no text",
        ),
        Case(shown(data={"image/png": "aGk="}), "set-up", "A picture (image/png) has no text"),
        Case(shown(data={"text/markdown": "![](gone.png)"}), "set-up", "A picture (gone.png)"),
    ],
    "pictures_are_there": [Case(text("![A](gone.png)"), "more", "There is no file gone.png")],
    "tags_are_known": [
        Case(added("1", tags=["skip-execution"]), "more", "The tag 'skip-execution' is not one")
    ],
    "cells_are_python": [
        Case(added("%time 1"), "more", "Line 1 is not plain Python"),
        Case(added("1\n!ls"), "more", "Line 2 is not plain Python"),
    ],
    "first_cell_is_synchronous": [Case(late_await, "set-up", "The first code cell awaits")],
    "functions_are_short": [Case(long_function, "more", "The function f has 16 lines")],
    "imports_are_allowed": [
        Case(
            replaced("set-up", "import toollab\n", "import toollab, numpy.linalg\n"),
            "set-up",
            "numpy.linalg is not among",
        ),
        Case(
            replaced("set-up", "import toollab\n", "import toollab\nfrom . import x\n"),
            "set-up",
            ". is not among",
        ),
    ],
    "imports_stand_in_the_set_up": [
        Case(added("import json"), "more", "Line 1 imports"),
        Case(replaced("most", "    return", "    import re\n    return"), "most", "Line 4 imports"),
    ],
    "no_assert_is_seen": [Case(added("assert True"), "more", "would see an assert")],
    "no_sys_path": [
        Case(added("sys.path.append('..')"), "more", "The cell uses sys.path"),
        Case(added("from sys import path"), "more", "The cell uses sys.path"),
    ],
    "real_time_is_marked": [
        Case(added("time.perf_counter()"), "more", "reads a real clock (time.perf_counter)"),
        Case(
            added("datetime.datetime.now()"), "more", "reads a real clock (datetime.datetime.now)"
        ),
        Case(
            lambda nb: cell(nb, "most-check").metadata.update(tags=["nbval-ignore-output"]),
            "most-check",
            "A cell of an exercise is marked as showing real time",
        ),
    ],
    "exercises_are_complete": [
        Case(removed("most-card"), "most", "The exercise has no card cell"),
        Case(removed("most"), "most", "The exercise has no stub cell"),
        Case(removed("most-hints"), "most", "The exercise has no hints cell"),
        Case(removed("most-check"), "most", "The exercise has no check cell"),
        Case(swap, "most", "not in the order card, stub, hints, check"),
        Case(graded("most-card", locked=False), "most-card", "is not that of a card cell"),
        Case(graded("most", locked=True), "most", "is not that of a stub cell"),
        Case(graded("most-check", locked=False), "most-check", "is not that of a check cell"),
    ],
    "cards_carry_metadata": [
        Case(card(difficulty=6), "most-card", "toollab.exercise is incomplete"),
        Case(card(minutes=None), "most-card", "toollab.exercise is incomplete"),
        Case(card(points=True), "most-card", "toollab.exercise is incomplete"),
        Case(card(name=None), "most-card", "toollab.exercise is incomplete"),
    ],
    "cards_state_the_facts": [
        Case(card(minutes=1), "most-card", "does not state its minutes (1)"),
        Case(card(points=4), "most-card", "does not state its points (4)"),
        Case(card(difficulty=3), "most-card", "does not state its difficulty (3)"),
    ],
    "cards_show_the_signature": [
        Case(card(name="least"), "most", "The cell defines no least"),
        Case(
            replaced("most-card", "text: str", "text"),
            "most-card",
            "the signature of the stub: def most(text: str) -> str",
        ),
        Case(replaced("most-card", "def most", "async def most"), "most-card", "No code block"),
    ],
    "hints_are_three": [
        Case(
            replaced("most-hints", ', "most_common(1)"', ""), "most-hints", "does not end in hints"
        ),
        Case(replaced("most-hints", '"most_common(1)"', '" "'), "most-hints", "does not end in"),
        Case(replaced("most-hints", "hints(", "print("), "most-hints", "does not end in hints"),
    ],
    "checks_end_in_a_report": [
        Case(
            replaced("most-check", "END HIDDEN TESTS\nreport", "END HIDDEN TESTS\nprint(report)"),
            "most-check",
            "does not end with a bare report",
        ),
        Case(replaced("most-check", "report &=", "report ="), "most-check", "no hidden tests that"),
    ],
    "stubs_wait_to_be_called": [
        Case(
            replaced("most", "def", "### BEGIN SOLUTION\n### END SOLUTION\ndef"),
            "most",
            "The stub fails when its cell is run",
        ),
        Case(
            replaced("most", '    """Return the letter that occurs most often."""\n', ""),
            "most",
            "The stub of most has no docstring",
        ),
    ],
    "helpers_survive_until_the_check": [
        Case(between("run = 1"), "more", "It binds run between most and its check"),
        Case(between("for a in b: pass\nwith b as c: d = [e for e in c]"), "more", "a, c, d"),
        Case(between("import x.y, z as w\ndef f(): g = 1\nclass H: i = 1"), "more", "H, f, w, x"),
        Case(between("(run := 1)\n[q := p for p in 'x']"), "more", "It binds q, run between"),
    ],
    "minutes_add_up": [
        Case(minutes(44), "notebook", "It takes 44 minutes by its metadata"),
        Case(minutes(76), "notebook", "It takes 76 minutes by its metadata"),
        Case(minutes(None), "notebook", "It takes None minutes by its metadata"),
        Case(minutes(51), "title", "does not say that the notebook takes 51 minutes"),
        Case(card(minutes=41), "notebook", "The exercises alone take 51 of 50 minutes"),
    ],
    "points_add_up": [
        Case(graded("most-check", points=4), "most-check", "worth 4 points and the card promises 3")
    ],
    "notebook_is_executed": [
        Case(added("1"), "notebook", "It is not stored executed from top to bottom"),
        Case(shown("error", ename="E", evalue="", traceback=[]), "set-up", "An error is stored"),
    ],
    "stored_form_is_canonical": [
        Case(lambda nb: nb.metadata.update(widgets={}), "notebook", "saved by an editor"),
        Case(lambda nb: cell(nb, "kit").metadata.update(scrolled=True), "notebook", "by an editor"),
    ],
    "nothing_of_this_machine_is_stored": [
        Case(shown("stream", name="stderr", text="w"), "set-up", "It writes to stderr"),
        Case(shown(data={"text/plain": "<f at 0x7f00aa11>"}), "set-up", "an address in memory: at"),
        Case(shown(data={"text/plain": "'/home/ann/x.py'"}), "set-up", "a path: /home/ann/x.py"),
        Case(shown(data={"text/plain": str(MINICOURSE / "solutions")}), "set-up", "shows a path: "),
    ],
    "solution_earns_every_point": [
        Case(forget, "most-check", "With the solution the check shows no report"),
        Case(report(earned=2), "most-check", "With the solution the check earns 3 points, not 3"),
        Case(
            lambda nb: cell(nb, "most-check").outputs[0].data.update({"text/plain": "1"}),
            "most-check",
            "With the solution the check earns 1 points, not 3",
        ),
        Case(report(possible=4), "most-check", "Its report can award 4 points, the cell 3"),
    ],
    "stub_runs_to_its_end": [
        Case(added("most('a')"), "more", "Run All stops here: The cell raised NotImplementedError"),
        Case(
            replaced("most-check", "report = check.most(most)\n", "report = 3\n"),
            "most-check",
            "With the untouched stub the check shows no report",
        ),
        Case(
            replaced("kit", "raise  #", "return Played(case, max(case + ' ', key=case.count))  #"),
            "most-check",
            "With the untouched stub the check earns 3 points, not 0",
        ),
    ],
}


def findings(mutate: Callable[[NotebookNode], None], rules) -> list:
    """Return what the rules find in the mutated notebook."""
    path = Course(MINICOURSE).source(NAME)
    notebook = read(path)
    mutate(notebook)
    return list(judge(Source(NAME, path.parent, notebook), rules))


def test_every_rule_has_its_cases():
    """No rule goes untested, and no case is about a rule that is gone."""
    assert {rule.__name__ for rule in RULES + RUNNING_RULES} == set(CASES)


@pytest.mark.parametrize(
    ("rule", "case"),
    [
        pytest.param(rule, case, id=f"{rule.__name__}-{index}")
        for rule in RULES + RUNNING_RULES
        for index, case in enumerate(CASES[rule.__name__])
    ],
)
def test_rule_can_fail(rule, case: Case):
    """A rule finds the one thing that is wrong, names the cell and says what to do."""
    (finding,) = findings(case.mutate, [rule])
    assert finding.cell.startswith(case.cell)
    assert case.says in finding.sentence
    assert finding.hint


@pytest.mark.parametrize("name", ["01-shouting", "02-counting"])
def test_good_notebooks_pass(name: str):
    """The minicourse keeps every rule that only reads."""
    assert list(lint(Course(MINICOURSE), name, running=False)) == []


def test_stub_of_the_minicourse_runs():
    """The untouched learner's notebook runs to its end and earns nothing."""
    assert findings(lambda _: None, RUNNING_RULES) == []


def test_findings_are_collected(course: Course):
    """All findings of a notebook come together, each with file, cell, sentence and hint."""
    notebook = read(course.source(NAME))
    cell(notebook, "recap").source = "##### Deep"
    added("import json")(notebook)
    course.source(NAME).write_bytes(to_bytes(notebook))
    found = list(lint(course, NAME, running=False))
    assert len(found) >= 3
    prefix = f"solutions/{NAME}/{NAME}.ipynb: "
    assert all(line.startswith(prefix) and ". Hint: " in line for line in found)
    assert any(line.startswith(f"{prefix}more: ") for line in found)


def test_refused_source_is_a_finding():
    """A source that nbgrader refuses is reported once, beside what the other rules find."""
    found = findings(added("### BEGIN SOLUTION\nimport json"), RULES)
    refusals = [each for each in found if "no end solution statement found" in each.sentence]
    assert [each.cell for each in refusals] == ["notebook"]
    assert refusals[0].hint
    assert "more" in {each.cell for each in found}


@pytest.mark.parametrize(
    "output",
    [
        {"image/svg+xml": '<svg role="img" aria-label="said"><svg/></svg>'},
        {"image/svg+xml": '<svg role="img"><title>said</title><g><circle/></g></svg>'},
        {"text/html": '<svg aria-hidden="true"></svg><img alt="said">'},
    ],
)
def test_pictures_that_can_be_heard(output: dict[str, str]):
    """An SVG with a label or a title, a hidden ornament and an image with alt text are fine."""
    rule = next(rule for rule in RULES if rule.__name__ == "pictures_have_a_text")
    assert findings(shown(data=output), [rule]) == []


def test_raster_with_alt():
    """A bitmap is fine if its metadata carries the text that stands for it."""
    rule = next(rule for rule in RULES if rule.__name__ == "pictures_have_a_text")
    output = shown(data={"image/png": "aGk="}, metadata={"image/png": {"alt": "a bar"}})
    assert findings(output, [rule]) == []


@pytest.mark.parametrize("source", ["_run = 1\n[a for a in 'x']", "print(1)", "lambda b: b"])
def test_cells_between_may_show_things(source: str):
    """A cell that binds nothing, or only names with an underscore, may stand before a check."""
    rule = next(rule for rule in RULES if rule.__name__ == "helpers_survive_until_the_check")
    assert findings(between(source), [rule]) == []


def test_real_time_is_listed():
    """The cells that comparisons leave out can be listed."""
    assert real_time_cells(Course(MINICOURSE), "01-shouting") == ("waited",)
    assert real_time_cells(Course(MINICOURSE), NAME) == ()


def test_a_clock_inside_a_function_is_not_read_by_its_definition():
    """Defining a function that reads a clock is no reading of it."""
    rule = next(rule for rule in RULES if rule.__name__ == "real_time_is_marked")
    assert findings(added("def f():\n    return time.perf_counter()"), [rule]) == []
