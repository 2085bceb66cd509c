"""The command line: a table of commands that parse, call and print.

What a command needs is imported when it runs, so that help and mistakes answer at once.
"""
# ruff: noqa: PLC0415 - for that very reason

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import click

from autograder.errors import CourseError

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
    """Execute source notebooks and store their outputs, the same bytes every time."""
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
    """Hold source notebooks to the rules of the course, and list everything to mend."""
    from autograder.release import lint as gate
    from autograder.release.course import here

    course = here(root)
    chosen = course.names(names)
    for name in chosen:
        if marked := gate.real_time_cells(course, name):
            click.echo(f"{name}: shows real time in {', '.join(marked)}")
    problems = (found for name in chosen for found in gate.lint(course, name, running=not no_run))
    _end(problems, f"Every rule is kept: {', '.join(chosen)}.")


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
    """Run the command line; a course's error is one sentence on stderr and status 1."""
    # nbformat and nbgrader import jsonschema, which imports this package only to check IRIs and
    # so builds grammars for a second.  No notebook has an IRI; without it the check is left out.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    try:
        cli(prog_name="python -m autograder")
    except CourseError as error:
        click.echo(str(error), err=True)
        raise SystemExit(1) from error
