"""Feedback without hidden tests."""

from __future__ import annotations

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat import NotebookNode, from_dict

from autograder.grading.stock.conceal import REDACTED, conceal
from autograder.grading.stock.hidden import split
from tests.autograder.grading.stock.test_verdict import check_cell, error, report, stream

BEGIN, END = "BEGIN HIDDEN TESTS", "END HIDDEN TESTS"
HIDDEN = "report &= check.most(most, cases=['<a> \"quoted\"'])"
SOURCE = f"report = check.most(most)\n### {BEGIN}\n{HIDDEN}\n### {END}\nreport"


def executed(*outputs: dict, own: list[dict] = []) -> NotebookNode:  # noqa: B006 - only read
    """Return an autograded notebook: a learner's own cell and a check cell."""
    check = check_cell(*outputs)
    check.source = SOURCE
    mine = {"cell_type": "code", "source": "print(In[-1])", "metadata": {}, "outputs": own}
    return from_dict({"cells": [mine | {"execution_count": 1}, check], "metadata": {}})


def test_source_is_concealed():
    """The hidden region is gone, what the learner saw stays."""
    notebook = conceal(executed(report(4)), BEGIN, END)
    assert notebook.cells[1].source == "report = check.most(most)\nreport"


def test_traceback_becomes_a_sentence():
    """An error in a check cell is told without the lines it walked through."""
    notebook = conceal(executed(error("NameError", "name 'most' is not defined")), BEGIN, END)
    (output,) = notebook.cells[1].outputs
    assert output.output_type == "display_data"
    assert output.data["text/plain"].startswith("This check stopped with NameError: name 'most'")
    assert "hidden_test" not in str(notebook)


def test_a_learners_own_traceback_stays():
    """An error in a learner's own cell is theirs to read."""
    notebook = conceal(executed(report(0), own=[error("ValueError", "mine")]), BEGIN, END)
    assert notebook.cells[0].outputs[0].traceback[-1] == "ValueError: mine"


@pytest.mark.parametrize("shown", [HIDDEN, repr(HIDDEN), escape(HIDDEN), repr(f"a\n{HIDDEN}\nb")])
def test_captured_source_is_blacked_out(shown: str):
    """A hidden line that code captured is blacked out wherever, and however, it is shown."""
    data = {"output_type": "display_data", "data": {"text/html": shown}, "metadata": {}}
    notebook = conceal(executed(report(4), own=[stream(shown, "stdout"), data]), BEGIN, END)
    text, page = notebook.cells[0].outputs[0].text, notebook.cells[0].outputs[1].data["text/html"]
    for said in (text, page):
        assert REDACTED in said
        assert "quoted" not in said


def test_visible_lines_stay():
    """What a learner may see is not blacked out, though it also stands in a hidden region."""
    notebook = executed(report(4), own=[stream("report = check.most(most)", "stdout")])
    notebook.cells[1].source += f"\n### {BEGIN}\nreport = check.most(most)\n### {END}"
    conceal(notebook, BEGIN, END)
    assert notebook.cells[0].outputs[0].text == "report = check.most(most)"


def test_a_learners_delimiters_do_no_harm():
    """A learner's own cell may speak of hidden tests, unbalanced too."""
    notebook = executed(report(4))
    notebook.cells[0].source = f"# {BEGIN}"
    assert conceal(notebook, BEGIN, END).cells[0].source == f"# {BEGIN}"


LINES = st.lists(st.sampled_from(["visible", f"# {BEGIN}", f"# {END}", "a longer hidden line"]))


@given(LINES)
def test_split_keeps_what_stands_outside(lines: list[str]):
    """Lines are kept if and only if no region is open; both delimiters belong to the region."""
    kept, hidden = split("\n".join(lines), BEGIN, END)
    inside, wanted = False, []
    for line in lines:
        inside = inside or BEGIN in line
        if not inside:
            wanted.append(line)
        inside = inside and END not in line
    assert kept == "\n".join(wanted)
    assert "visible" not in hidden
