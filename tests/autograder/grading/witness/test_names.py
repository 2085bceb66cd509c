"""What a check cell is given of the notebook: the instructor's statements, the learner's names."""

from __future__ import annotations

from textwrap import dedent

import pytest

from autograder.grading.witness.names import Given, Needs, needs


def found(check: str, *cells: str, answer: str = "def f(): ...") -> Needs:
    """Return what a check needs after some cells of the instructor's and one answer cell."""
    given = [*(Given(dedent(cell), answer=False) for cell in cells), Given(answer, answer=True)]
    return needs(check, given)


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        (["a = 1", "b = 2"], ["a = 1"]),
        (["a = 1", "a = 2"], ["a = 2"]),
        (["c = 1", "a = c + 1"], ["c = 1", "a = c + 1"]),
        (["a = [1]", "a += [2]"], ["a = [1]", "a += [2]"]),
        (["a = [1]", "a = a + [2]"], ["a = [1]", "a = a + [2]"]),
        (["a = 1", "if b:\n    a = 2", "b = 3"], ["a = 1", "if b:\n    a = 2", "b = 3"]),
        (["a = []", "a.append(1)", "len(a)"], ["a = []", "a.append(1)"]),
        (["a = {}", "a['x'] = 1", "a['x'].y = 2"], ["a = {}", "a['x'] = 1", "a['x'].y = 2"]),
        (["a = []", "del a[:]"], ["a = []", "del a[:]"]),
        (["a.append(1)", "a = []"], ["a = []"]),
        (["a = []", "a.append(f())"], ["a = []"]),
        (["import a", "a.change(1)"], ["import a"]),
        (["a = k()", "@a.add(1)\ndef g():\n    return b", "b = 2", "def k():\n    ..."], "all"),
        (["a = s(x=b)", "b = k()", "b.play(1)", "s = k = dict"], "all"),
        (["!ls", "%matplotlib inline\na = 1"], ["a = 1"]),
    ],
)
def test_statements_that_make_a_name_what_it_is(cells: list[str], wanted: list[str] | str) -> None:
    """Those that bind it, those that change it, and what both need; no other is run."""
    made = found("assert a", *cells)
    assert list(made.statements) == (cells if wanted == "all" else wanted)
    assert made.learners == ()


def test_what_an_answer_cell_binds_is_the_learners() -> None:
    """Also if the instructor bound that name before, or nobody did."""
    made = found("assert f(g) == h", "def f(): return 1", "h = 2", "print(f())")
    assert made == Needs(("h = 2",), ("f", "g"))


def test_a_check_with_a_magic_needs_nothing() -> None:
    """Who runs it says that it cannot be read."""
    assert found("%time f()") == Needs((), ())
