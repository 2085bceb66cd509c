"""The journal loses nothing that was added, and survives being cut anywhere."""

from __future__ import annotations

import contextlib
import fcntl
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import CourseError
from autograder.grading import journal as journals
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


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave nothing old in a journal because it is small."""
    monkeypatch.setattr(journals, "_OLD_BYTES", 0)


@pytest.mark.usefixtures("eager")
def test_many_runs_do_not_make_a_journal_grow(tmp_path: Path):
    """However often a class is graded, the file stays within three times its newest results."""
    path = tmp_path / "journal.jsonl"
    sizes = []
    for number in range(40):
        with Journal(path) as journal:
            for student in "abc":
                journal.add(result(student, number % 3, f"s{number}"))
        sizes.append(path.stat().st_size)
    assert max(sizes) <= 3 * sizes[0]
    with Journal(path, write=False) as journal:
        assert [r.earned for r in journal.latest()] == [39 % 3] * 3
        assert journal.find("b", "01-lamp", "s39", "n1") == result("b", 39 % 3, "s39")


@pytest.mark.usefixtures("eager")
@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"), st.integers(0, 9))))
def test_leaving_out_old_lines_changes_no_newest_result(
    tmp_path_factory, added: list[tuple[str, str, int]]
):
    """Whatever was graded in whatever order, the newest results stay, and can be added to."""
    path: Path = tmp_path_factory.mktemp("journal") / "journal.jsonl"
    for student, submission, earned in added:
        with Journal(path) as journal:
            before = {r.student: r for r in journal.latest()}
            journal.add(result(student, earned, submission))
            before[student] = result(student, earned, submission)
        with Journal(path, write=False) as journal:
            assert {r.student: r for r in journal.latest()} == before
            assert {journal.newest(s, "01-lamp").submission for s in before} == {
                r.submission for r in before.values()
            }


@pytest.mark.usefixtures("eager")
def test_a_run_that_fails_leaves_every_line(tmp_path: Path):
    """Only a run that came to its end tidies up."""
    path = tmp_path / "journal.jsonl"

    def stopped() -> None:
        with Journal(path) as journal:
            for number in range(9):
                journal.add(result("ann", submission=f"s{number}"))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert path.read_bytes().count(b"\n") == 9


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("error", [SystemExit, OSError])
@pytest.mark.parametrize("call", ["write", "fsync", "ftruncate"])
def test_a_power_cut_or_a_full_disk_while_old_lines_are_left_out_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, error: type[BaseException]
):
    """The old file stands until the new one is whole; what is left of that is written over."""
    path = tmp_path / "journal.jsonl"

    def fill() -> Journal:
        journal = Journal(path)
        journal.__enter__()
        for number in range(5):
            journal.add(result("ann", number, submission=f"s{number}"))
        return journal

    journal = fill()
    content = path.read_bytes()

    def cut(*_: object) -> None:
        raise error

    with monkeypatch.context() as patch, contextlib.suppress(SystemExit):
        patch.setattr(os, call, cut)
        journal.__exit__(None)
    assert path.read_bytes() == content
    path.with_name("journal.jsonl.new").write_bytes(b"half a line")
    with Journal(path) as again:
        assert [r.earned for r in again.latest()] == [4]
    assert path.read_bytes() == content.splitlines(keepends=True)[-1]
    assert [file.name for file in tmp_path.iterdir()] == ["journal.jsonl"]


@pytest.mark.usefixtures("eager")
def test_who_waits_for_a_journal_that_is_replaced_gets_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """A writer that had opened the old file before it was replaced writes into the new one."""
    path = tmp_path / "journal.jsonl"
    with Journal(path) as journal:
        for number in range(5):
            journal.add(result("ann", number, submission=f"s{number}"))
        real = fcntl.flock

        def slow(handle: int, how: int) -> None:
            """Lock only after the other has come to its end."""
            monkeypatch.setattr(fcntl, "flock", real)
            journal.__exit__(None)
            real(handle, how)

        late = Journal(path)
        monkeypatch.setattr(fcntl, "flock", slow)
        with late:
            late.add(result("bo"))
    with Journal(path, write=False) as known:
        assert [(r.student, r.earned) for r in known.latest()] == [("ann", 4), ("bo", 1.0)]


def test_a_journal_has_one_writer(tmp_path: Path):
    """A second one is told to wait."""
    path = tmp_path / "journal.jsonl"
    with Journal(path), pytest.raises(CourseError, match="Another process is grading journal"):
        Journal(path).__enter__()
