"""The command line: a table of commands that parse, call and print.

What a command needs is imported when it runs, so that help and mistakes answer at once.
"""
# ruff: noqa: PLC0415 - for that very reason

from __future__ import annotations

import sys
from collections.abc import Iterable
from os import environ
from pathlib import Path
from typing import Any

import click

from autograder.errors import CourseError, explain

__all__ = ("main",)

_names = click.argument("names", nargs=-1)
_root = click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Root of the course; by default the working directory or this repository.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Release, check and grade the course.  NAMES are notebooks: 03-parallel-execution or 03."""


@cli.command()
@_names
@_root
@click.option("--check", is_flag=True, help="Write nothing; fail where course/ is out of date.")
def release(names: tuple[str, ...], root: Path | None, *, check: bool) -> None:
    """Write the learner's notebooks in course/ from solutions/."""
    from autograder.release import publish
    from autograder.release.course import here

    course = here(root)
    chosen = course.names(names)
    if check:
        _end(publish.check(course, chosen), f"Released as it should be: {', '.join(chosen)}.")
    for path in publish.release(course, chosen):
        click.echo(f"written: {course.shown(path)}")


@cli.command()
@_names
@_root
@click.option("--check", is_flag=True, help="Write nothing; fail where a stored output differs.")
@click.option("--renew", is_flag=True, help="Also renew outputs that differ in real time only.")
def refresh(names: tuple[str, ...], root: Path | None, *, check: bool, renew: bool) -> None:
    """Run source notebooks and store their outputs.

    The same notebook gives the same bytes every time.
    """
    from autograder.release import refresh as work
    from autograder.release.course import here

    course = here(root)
    chosen = course.names(names)
    if check:
        problems = (work.check(course, name) for name in chosen)
        _end(filter(None, problems), f"A run gives what is stored: {', '.join(chosen)}.")
    failed = []
    for name in chosen:
        try:
            changed = work.refresh(course, name, renew=renew)
        except CourseError as error:
            failed.append(str(error))
        else:
            click.echo(
                f"{'written' if changed else 'unchanged'}: {course.shown(course.source(name))}"
            )
    _end(failed)


@cli.command()
@_names
@_root
@click.option("--no-run", is_flag=True, help="Leave out the rule that runs the untouched stub.")
def lint(names: tuple[str, ...], root: Path | None, *, no_run: bool) -> None:
    """Hold source notebooks to the rules of the course."""
    from autograder.release import lint as gate
    from autograder.release.course import here

    course = here(root)
    chosen = course.names(names)
    for name in chosen:
        if marked := gate.real_time_cells(course, name):
            click.echo(f"{name}: shows real time in {', '.join(marked)}")
    problems = (found for name in chosen for found in gate.lint(course, name, running=not no_run))
    _end(problems, f"Every rule is kept: {', '.join(chosen)}.")


_classroom = click.option(
    "--classroom",
    type=click.Path(file_okay=False, path_type=Path),
    help="The class's folder; by default classroom/ in the course.",
)
_db = click.option("--db", metavar="URL", help="The gradebook; by default the classroom's own.")
_students = click.option(
    "--student", "students", multiple=True, metavar="NAME", help="Only this learner; repeatable."
)


class _File(click.Path):
    """A file to write: that it can be is found out before a class is graded, not after."""

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        """Return the path; a folder that does not exist is a mistake in the option."""
        path = Path(str(super().convert(value, param, ctx)))
        if not path.parent.is_dir():
            self.fail(f"There is no folder {path.parent}. Hint: make it first.", param, ctx)
        return path


_file = _File(dir_okay=False, writable=True, path_type=Path)


@cli.command()
@_names
@_root
@_classroom
@_db
@_students
@click.option("--again", is_flag=True, help="Run also what was graded already and is unchanged.")
@click.option(
    "--jobs",
    type=click.IntRange(1),
    metavar="N",
    help="Submissions at a time; by default as many as cores and memory allow.",
)
@click.option("--dask", metavar="ADDRESS", help="Run them on the Dask cluster of this scheduler.")
@click.option(
    "--dask-patience",
    "patience",
    type=click.FloatRange(0),
    metavar="SECONDS",
    help="How long the cluster may be without workers; by default five minutes.",
)
@click.option("--unsafe-no-jail", "unsafe", is_flag=True, help="Run code that you trust unwalled.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option("--junit", type=_file, help="Also write a JUnit file.")
@click.option("--csv", type=_file, help="Also write a CSV file.")
@click.option("--feedback", is_flag=True, help="Also write the feedback pages.")
def grade(  # noqa: PLR0917 - one parameter an option
    names: tuple[str, ...],
    root: Path | None,
    classroom: Path | None,
    db: str | None,
    students: tuple[str, ...],
    again: bool,  # noqa: FBT001
    jobs: int | None,
    dask: str | None,
    patience: float | None,
    unsafe: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
    junit: Path | None,
    csv: Path | None,
    feedback: bool,  # noqa: FBT001
) -> None:
    """Grade what a class handed in.

    Grades go into nbgrader's gradebook.

    The status is 0 if everything was graded, 1 if the command could not be carried out, 3 if
    some submissions could not be graded, or not whole, and 130 if it was stopped.
    """
    place, room, url = _place(root, classroom, db)
    from rich.console import Console

    from autograder import report
    from autograder.grading import course as work
    from autograder.grading.attending import PATIENCE
    from autograder.grading.cluster import cluster
    from autograder.grading.workers import local
    from autograder.report.progress import show_progress

    chosen = work.chosen(room, place.names(names), names, students)
    stderr = Console(stderr=True)
    workers = local(jobs, unsafe=unsafe)
    if dask:
        alone = PATIENCE if patience is None else patience
        workers = cluster(dask, jobs, unsafe=unsafe, patience=alone, say=stderr.print)
    try:
        with workers as them, show_progress(stderr) as progress:
            run = work.grade_class(
                place.root,
                chosen,
                room,
                url,
                them,
                students=students,
                again=again,
                unsafe=unsafe,
                progress=progress,
            )
    except KeyboardInterrupt:
        click.echo(
            "Stopped. What is finished is kept; the same command goes on from here.", err=True
        )
        raise SystemExit(130) from None
    marks, late = report.what_people_gave(url, chosen)
    for told in run.passed_over:
        click.echo(told, err=True)
    if junit is not None:
        junit.write_text(report.to_junit(run.results), encoding="utf-8", newline="")
    if csv is not None:
        csv.write_text(report.to_csv(run.results, marks), encoding="utf-8", newline="")
    if as_json:
        told = report.to_json(run.results, run.changes, run.penalties, run.passed_over, marks)
        click.echo(told)
    else:
        _stdout().print(report.summary(run.results, run.changes, run.penalties, marks, late))
        if run.reused:
            click.echo(f"Taken over from before: {run.reused}; --again runs everything anew.")
    if feedback:
        written = report.write_pages(place.root, chosen, room, url, students)
        click.echo(written, err=as_json)  # with --json that document is all of stdout
    raise SystemExit(0 if run.whole else 3)


@cli.command()
@_names
@_root
@_classroom
@_db
@_students
def feedback(
    names: tuple[str, ...],
    root: Path | None,
    classroom: Path | None,
    db: str | None,
    students: tuple[str, ...],
) -> None:
    """Write each learner's page: checks, hints, marks.

    What a person marked since grading is included.
    """
    place, room, url = _place(root, classroom, db)
    from autograder import report
    from autograder.grading.course import chosen

    some = chosen(room, place.names(names), names, students)
    if not names:
        some, others = report.graded(url, some)
        for name in others:
            click.echo(f"{name} is not graded yet, so it has no pages.", err=True)
    click.echo(report.write_pages(place.root, some, room, url, students))


@cli.command()
@click.argument("notebook", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_root
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def doctor(notebook: Path, root: Path | None, *, as_json: bool) -> None:
    """Tell what grading would say of a NOTEBOOK.

    A learner asks so before handing in.
    The status is 0 if all of it can be graded, whatever it earns, and 3 if not.
    """
    from autograder.grading.system import check_system

    check_system()
    from autograder import report
    from autograder.grading.doctor import examine
    from autograder.release.course import here

    result = examine(notebook, here(root))
    if as_json:
        click.echo(report.to_json([result]))
    else:
        _stdout().print(report.verdict(result))
    raise SystemExit(0 if result.state == "graded" else 3)


def _place(root: Path | None, classroom: Path | None, db: str | None) -> Any:
    """Return the course, the classroom, and the gradebook's URL."""
    from autograder.grading.system import check_system

    check_system()
    from autograder.grading.course import gradebook_url
    from autograder.grading.engine import Classroom
    from autograder.release.course import here

    course = here(root)
    room = Classroom(classroom or course.root / "classroom")
    return course, room, gradebook_url(db) if db else room.gradebook


def _stdout() -> Any:
    """Return a console on stdout; a file and a pipe have no edge at which a line must end."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() or "COLUMNS" in environ else 240)


@cli.command()
@click.argument("file", type=click.File("rb"))
@_root
@click.option("--json", "as_lines", is_flag=True, help="One JSON object a line.")
@click.option("--strict", is_flag=True, help="Unknown means conflict, even if no tool declares.")
def detect(file: Any, root: Path | None, *, as_lines: bool, strict: bool) -> None:
    """Find what depends on what in recorded calls.

    FILE holds one record of calls and tools a line; - is stdin.
    The status is 1 if a line is malformed or holds calls that can never run.
    """
    from autograder import detection
    from autograder.release.course import here

    course = here(root)
    by = detection.detector(course.source(course.names(["11"])[0]))
    bad = 0
    for text, is_problem in detection.told(file, by, as_lines=as_lines, strict=strict):
        click.echo(text, err=is_problem)
        bad += is_problem
    raise SystemExit(1 if bad else 0)


def _end(problems: Iterable[str], good: str = "") -> None:
    """Print every problem and leave with status 1, or say what is good and leave with 0."""
    found = 0
    for problem in problems:
        found += 1
        click.echo(problem, err=True)
    if found:
        click.echo(f"{found} to mend.", err=True)
    elif good:
        click.echo(good)
    raise SystemExit(1 if found else 0)


def main() -> None:
    """Run the command line; what the user can mend is one sentence on stderr and status 1."""
    # nbformat and nbgrader import jsonschema, which imports this package only to check IRIs and
    # so builds grammars for a second.  No notebook has an IRI; without it the check is left out.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    try:
        cli(prog_name="python -m autograder")
    except Exception as error:
        told = explain(error)
        if told is None:
            raise
        click.echo(told, err=True)
        raise SystemExit(1) from error
