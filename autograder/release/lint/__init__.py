"""The course gate: what must hold for every source notebook, one small rule at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from autograder.errors import CourseError
from autograder.release.canonical import shows_real_time
from autograder.release.course import Course, read
from autograder.release.lint import cells, code, exercises, outputs, stub
from autograder.release.lint.model import Finding, Rule, Source

__all__ = ("RULES", "RUNNING_RULES", "Finding", "Source", "judge", "lint", "real_time_cells")

RULES: tuple[Rule, ...] = (
    *(getattr(module, name) for module in (cells, code, exercises) for name in module.__all__),
    outputs.notebook_is_executed,
    outputs.stored_form_is_canonical,
    outputs.nothing_of_this_machine_is_stored,
    outputs.solution_earns_every_point,
)
"""The rules that only read, in the order in which their findings are shown."""

RUNNING_RULES: tuple[Rule, ...] = (stub.stub_runs_to_its_end,)
"""The rules that start a kernel."""


def judge(source: Source, rules: Sequence[Rule]) -> Iterator[Finding]:
    """Yield everything the rules find.

    A source that nbgrader refuses is one finding; rules that need the learner's notebook are
    then left out.
    """
    refused = False
    for rule in rules:
        try:
            yield from rule(source)
        except CourseError as error:
            if not refused:
                sentence, _, hint = str(error).partition(". Hint: ")
                yield Finding("notebook", sentence, hint.rstrip("."))
            refused = True


def lint(course: Course, name: str, *, running: bool = True) -> Iterator[str]:
    """Yield `file: cell: sentence. Hint: …` for everything to mend in one source notebook."""
    path = course.source(name)
    source = Source(name, path.parent, read(path))
    for finding in judge(source, RULES + (RUNNING_RULES if running else ())):
        yield f"{course.shown(path)}: {finding}"


def real_time_cells(course: Course, name: str) -> tuple[str, ...]:
    """Return the ids of the cells that show real time, which comparisons leave out."""
    return tuple(cell.id for cell in read(course.source(name)).cells if shows_real_time(cell))
