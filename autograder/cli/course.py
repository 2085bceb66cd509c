"""Commands for those who write the course, and `detect`: they parse, call and print."""
# ruff: noqa: PLC0415 - what a command needs is imported when it runs

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from autograder.cli.options import names_argument, root_option
from autograder.errors import CourseError

__all__ = ("detect", "lint", "refresh", "release")


@click.command()
@names_argument
@root_option
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


@click.command()
@names_argument
@root_option
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


@click.command()
@names_argument
@root_option
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


@click.command()
@click.argument("file", type=click.File("rb"))
@root_option
@click.option("--json", "as_lines", is_flag=True, help="One JSON object a line.")
@click.option("--strict", is_flag=True, help="Unknown means conflict, even if no tool declares.")
def detect(file: Any, root: Path | None, *, as_lines: bool, strict: bool) -> None:
    """Find what depends on what in recorded calls.

    FILE holds one record of calls and tools a line; - is stdin.
    The status is 1 if a line is malformed, or holds a cycle or a reference that leads nowhere.
    """
    from autograder import detection
    from autograder.plain import plain
    from autograder.release.course import here

    course = here(root)
    by = detection.detector(course.source(course.names(["11"])[0]))
    bad = 0
    for text, is_problem in detection.told(file, by, as_lines=as_lines, strict=strict):
        click.echo(plain(text), err=is_problem)
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
