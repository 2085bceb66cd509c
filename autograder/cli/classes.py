"""Commands for a class, and for a learner who wants to know: they parse, call and print."""
# ruff: noqa: PLC0415 - what a command needs is imported when it runs

from __future__ import annotations

import sys
from os import environ
from pathlib import Path
from typing import Any

import click

from autograder.cli.options import (
    FILE,
    classroom_option,
    db_option,
    names_argument,
    root_option,
    students_option,
)

__all__ = ("doctor", "feedback", "grade")


@click.command()
@names_argument
@root_option
@classroom_option
@db_option
@students_option
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
@click.option("--junit", type=FILE, help="Also write a JUnit file.")
@click.option("--csv", type=FILE, help="Also write a CSV file.")
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


@click.command()
@names_argument
@root_option
@classroom_option
@db_option
@students_option
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


@click.command()
@click.argument("notebook", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@root_option
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
