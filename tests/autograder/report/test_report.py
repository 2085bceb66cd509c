"""Reports say what the results say, whatever text a learner's code put into them."""

from __future__ import annotations

import csv
import json
import re
from html.parser import HTMLParser
from io import StringIO
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from autograder.grading.results import CheckResult, ExerciseResult, NotebookResult
from autograder.grading.scores import Change, Mark
from autograder.report import feedback_page, summary, to_csv, to_json, to_junit, verdict

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
    page = feedback_page(result, answers={"on-check": EVIL}, marks={"on-check": Mark(1.0, EVIL)})
    reader = Reader()
    reader.feed(page)
    assert "script" not in reader.tags
    assert page.count("&lt;script&gt;") == 9


def _words(page: str) -> str:
    """Return the text of a page, every gap one space."""
    return " ".join(re.sub("<[^>]*>", "", page.partition("<body>")[2]).split())


def _half_marked() -> NotebookResult:
    """Return a submission with 2 of 2 points from a check and a question worth 3."""
    check = ExerciseResult(grade_id="on-check", title="On", possible=2, earned=2, outcome="passed")
    question = ExerciseResult(
        grade_id="why", title="Why", possible=3, earned=None, outcome="to be marked"
    )
    exercises = (check, question)
    return NotebookResult(
        student="ann", assignment="a", notebook="a", state="graded", exercises=exercises
    )


def test_a_mark_by_hand_replaces_the_automatic_score():
    """The total on the page is nbgrader's: manual score where there is one, extra credit added."""
    before = _words(feedback_page(_half_marked()))
    assert "2 of 5 points, 3 still to be marked" in before
    assert "To be marked by a person: up to 3 points." in before
    after = _words(feedback_page(_half_marked(), marks={"why": Mark(1.5, "Clear.", 0.5)}))
    assert "4 of 5 points · ann" in after
    assert "Marked by hand: 1.5 of 3 points. Extra credit: 0.5 points. Clear." in after
    assert "to be marked" not in after.lower()


def test_the_page_takes_off_what_being_late_costs():
    """The page says the gradebook's score, and why it is less than the sum."""
    page = _words(feedback_page(_half_marked(), marks={"why": Mark(1.0)}, penalty=1.0))
    assert "2 of 5 points · ann" in page
    assert "1 point is taken off for being late." in page
    assert "0 of 5 points · ann" in _words(
        feedback_page(_half_marked(), marks={"why": Mark(1.0)}, penalty=9.0)
    )


def test_what_could_not_be_read_has_no_points():
    """A page, a program and a learner are told of no score, where the gradebook has none."""
    lost = ExerciseResult(
        grade_id="on-check", title="On", possible=2, earned=None, outcome="could not judge"
    )
    result = NotebookResult(
        student="ann",
        assignment="a",
        notebook="a",
        state="failed",
        exercises=(lost,),
        reason="The file is empty.",
    )
    page = _words(feedback_page(result))
    assert "– of 2 points" in page
    assert "so it has no points yet. The file is empty." in page
    assert "On" not in page.split()
    assert json.loads(to_json([result]))["submissions"][0]["score"] is None
    console = Console(file=StringIO(), width=100, record=True)
    console.print(verdict(result))
    assert console.export_text().split("\n")[:2] == [
        "* The file is empty.",
        "This cannot be graded, so it would have no points.",
    ]


def test_the_summary_counts_what_people_marked_and_names_who_is_late():
    """A question that somebody marked waits no longer, and its points are in the table."""
    result = _half_marked()
    assert _shown(summary([result])) == [
        "a state points",
        "ann ✓ graded 2 of 5 To be marked by hand: why.",
        "",
        "1 submission: 1 graded.",
    ]
    key = ("ann", "a")
    marked = summary([result], marks={key: {"why": Mark(1.5)}}, late=[key])
    assert _shown(marked)[1] == "ann ✓ graded 3.5 of 5 Late."
    costly = summary([result], penalties={key: 2.0}, late=[key])
    assert _shown(costly)[1:3] == [
        "ann ✓ graded 2 of 5 Late: 2 points are taken off.",
        "To be marked by hand: why.",
    ]
    data = json.loads(to_json([result], penalties={key: 2.0}, marks={key: {"why": Mark(1.5)}}))
    assert data["submissions"][0]["score"] == 1.5
    assert data["submissions"][0]["exercises"][1]["mark"]["score"] == 1.5
    given = {"why": Mark(1.5, "", 0.5), "on-check": Mark(comment="Well done.")}
    rows = list(csv.DictReader(StringIO(to_csv([result], {key: given}))))
    assert [(row["earned"], row["mark"]) for row in rows] == [("2", ""), ("", "2")]


def test_a_long_hint_is_indented_where_it_wraps():
    """On a narrow terminal the second line of a hint stands under the first."""
    check = CheckResult(
        check="c", points=1, earned=0, outcome="failed", hint="await inside the for loop waits"
    )
    exercise = ExerciseResult(
        grade_id="on", title="On", possible=1, earned=0, outcome="failed", checks=(check,)
    )
    result = NotebookResult(
        student="ann", assignment="a", notebook="a", state="graded", exercises=(exercise,)
    )
    console = Console(file=StringIO(), width=30, record=True)
    console.print(verdict(result))
    lines = [line.rstrip() for line in console.export_text().split("\n")]
    at = lines.index("      hint: await inside the")
    assert lines[at + 1] == "      for loop waits"


def _shown(what: object) -> list[str]:
    """Return what is printed, line by line, every gap one space."""
    console = Console(file=StringIO(), width=100, record=True)
    console.print(what)
    return [" ".join(line.split()) for line in console.export_text().strip().split("\n")]


def test_the_summary_tells_states_changes_and_a_missing_jail():
    """A teacher sees at a glance what happened and whether it can be trusted."""
    result = NotebookResult(
        student="ann", assignment="a", notebook="a", state="graded", jail="no jail: asked for"
    )
    console = Console(file=StringIO(), width=100, record=True)
    console.print(summary([result], [Change("ann", "a", "on-check", None, 2.0)]))
    shown = console.export_text()
    assert "1 submission: 1 graded." in shown
    assert "changed: ann a on-check: no score → 2" in shown
    assert "Learners' code ran without a wall (asked for)." in shown
