"""The journal loses nothing that was added, and survives being cut anywhere."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from autograder.grading.journal import Journal
from autograder.grading.results import ExerciseResult, NotebookResult, decode, encode


def result(student: str, earned: float = 1.0, submission: str = "s1") -> NotebookResult:
    """Make a small result."""
    exercise = ExerciseResult(
        grade_id="on-check", title="On", possible=2, earned=earned, outcome="failed"
    )
    return NotebookResult(
        student=student,
        assignment="01-lamp",
        notebook="01-lamp",
        state="graded",
        exercises=(exercise,),
        submission=submission,
        source="n1",
    )


def test_a_result_survives_its_json():
    """Encoding and decoding give the same result, and the sums are computed from it."""
    one = result("ann")
    assert decode(encode(one)) == one
    assert (one.earned, one.possible, one.to_be_marked) == (1.0, 2.0, ())


@given(st.lists(st.sampled_from("abc"), max_size=5), st.data())
def test_a_cut_journal_keeps_every_whole_line(
    tmp_path_factory, students: list[str], data: st.DataObject
):
    """Wherever the file ends, each line before that place is found again, and writing goes on."""
    path: Path = tmp_path_factory.mktemp("journal") / "journal.jsonl"
    with Journal(path) as journal:
        for number, student in enumerate(students):
            journal.add(result(student, submission=f"s{number}"))
    content = path.read_bytes()
    kept = data.draw(st.integers(0, len(content)))
    path.write_bytes(content[:kept])
    whole = content[:kept].count(b"\n")
    with Journal(path) as journal:
        for number, student in enumerate(students):
            found = journal.find(student, "01-lamp", f"s{number}", "n1")
            assert (found is not None) == (number < whole)
        journal.add(result("zoe", submission="last"))
    with Journal(path) as journal:
        assert journal.find("zoe", "01-lamp", "last", "n1") is not None
        assert len(path.read_bytes().splitlines()) == whole + 1


def test_the_newest_result_of_a_student_is_the_latest(tmp_path: Path):
    """A resubmission stands beside the older result and before it in `latest`."""
    with Journal(tmp_path / "journal.jsonl") as journal:
        journal.add(result("ann", 1, "first"))
        journal.add(result("ann", 2, "second"))
        assert [r.earned for r in journal.latest()] == [2]
        journal.add(result("ann", 1, "first"))
        assert [r.earned for r in journal.latest()] == [1]
