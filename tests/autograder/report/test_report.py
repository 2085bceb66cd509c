"""Reports say what the results say, whatever text a learner's code put into them."""

from __future__ import annotations

import csv
import json
from html.parser import HTMLParser
from io import StringIO
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from autograder.grading.gradebook import Change
from autograder.grading.results import CheckResult, ExerciseResult, NotebookResult
from autograder.report import feedback_page, summary, to_csv, to_json, to_junit

texts = st.text(max_size=30)
checks = st.builds(
    CheckResult,
    check=texts,
    points=st.just(2.0),
    earned=st.just(0.0),
    outcome=st.sampled_from(["passed", "failed", "not attempted", "could not judge"]),
    saw=texts,
    expected=texts,
    hint=texts,
)
exercises = st.builds(
    ExerciseResult,
    grade_id=st.text("abc-", min_size=1, max_size=8),
    title=texts,
    possible=st.just(2.0),
    earned=st.none() | st.sampled_from([0.0, 1.5, 2.0]),
    outcome=st.sampled_from(["passed", "failed", "to be marked"]),
    reason=texts,
    checks=st.lists(checks, max_size=3).map(tuple),
)
results = st.builds(
    NotebookResult,
    student=texts,
    assignment=st.just("01-lamp"),
    notebook=st.just("01-lamp"),
    state=st.sampled_from(["graded", "partly graded", "failed", "missing"]),
    exercises=st.lists(exercises, max_size=3).map(tuple),
    notes=st.lists(texts, max_size=2).map(tuple),
    reason=texts,
)


@given(st.lists(results, max_size=3))
def test_junit_is_well_formed_and_counts_every_check(some: list[NotebookResult]):
    """Each check is a case, and the suites' counts are those of their cases."""
    root = ET.fromstring(to_junit(some))  # noqa: S314 - our own document
    assert len(root) == len(some)
    for suite, result in zip(root, some, strict=True):
        cases = suite.findall("testcase")
        wanted = sum(len(e.checks) or 1 for e in result.exercises) or 1
        assert int(suite.get("tests", "")) == len(cases) == wanted
        for kind, attribute in (("failure", "failures"), ("error", "errors")):
            assert int(suite.get(attribute, "")) == len(suite.findall(f"testcase/{kind}"))


@given(st.lists(results, max_size=3))
def test_csv_has_a_row_a_cell_and_no_formula(some: list[NotebookResult]):
    """A spreadsheet never takes a learner's name or an error text for a formula."""
    rows = list(csv.DictReader(StringIO(to_csv(some))))
    assert len(rows) == sum(len(r.exercises) or 1 for r in some)
    for row in rows:
        assert not (row["student"] or "x").startswith(("=", "+", "-", "@"))


@given(st.lists(results, max_size=3))
def test_json_keeps_every_score(some: list[NotebookResult]):
    """What a program reads is what was judged."""
    data = json.loads(to_json(some))["submissions"]
    assert [d["earned"] for d in data] == [r.earned for r in some]
    assert all("cells" not in d for d in data)
    assert all("html" not in exercise for d in data for exercise in d["exercises"])


class Reader(HTMLParser):
    """Collects the tags of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """Note one tag."""
        del attrs
        self.tags.append(tag)


EVIL = "<script>alert(1)</script>"


def test_feedback_escapes_all_that_comes_from_a_learner():
    """No text of a learner becomes a tag."""
    exercise = ExerciseResult(
        grade_id="on-check", title=EVIL, possible=2, earned=0, outcome="failed", reason=EVIL
    )
    result = NotebookResult(
        student=EVIL,
        assignment="01-lamp",
        notebook="01-lamp",
        state="partly graded",
        exercises=(exercise,),
        notes=(EVIL,),
        reason=EVIL,
        jail="no jail: " + EVIL,
    )
    page = feedback_page(result, answers={"on-check": EVIL}, marks={"on-check": (1.0, EVIL)})
    reader = Reader()
    reader.feed(page)
    assert "script" not in reader.tags
    assert page.count("&lt;script&gt;") == 9


def test_a_mark_by_hand_replaces_the_automatic_score():
    """The total on the page is nbgrader's: manual score where there is one."""
    exercise = ExerciseResult(
        grade_id="why", title="Why", possible=3, earned=None, outcome="to be marked"
    )
    result = NotebookResult(
        student="ann", assignment="a", notebook="a", state="graded", exercises=(exercise,)
    )
    assert "<strong>0 of 3 points</strong>" in feedback_page(result)
    page = feedback_page(result, marks={"why": (2.5, "Clear.")})
    assert "<strong>2.5 of 3 points</strong>" in page
    assert "Clear." in page


def test_the_summary_tells_states_changes_and_a_missing_jail():
    """A teacher sees at a glance what happened and whether it can be trusted."""
    result = NotebookResult(
        student="ann", assignment="a", notebook="a", state="graded", jail="no jail: asked for"
    )
    console = Console(file=StringIO(), width=100, record=True)
    console.print(summary([result], [Change("ann", "a", "on-check", None, 2.0)]))
    shown = console.export_text()
    assert "1 submissions: 1 graded." in shown
    assert "changed: ann a on-check: no score → 2" in shown
    assert "This run had no jail" in shown
