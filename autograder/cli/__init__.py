"""The command line: a table of commands that parse, call and print.

What a command needs is imported when it runs, so that help and mistakes answer at once.
"""

from __future__ import annotations

import sys

import click

from autograder.cli.classes import doctor, feedback, grade
from autograder.cli.course import detect, lint, refresh, release
from autograder.errors import explain

__all__ = ("main",)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Release, check and grade the course.  NAMES are notebooks: 03-parallel-execution or 03."""


for command in (release, refresh, lint, grade, feedback, doctor, detect):
    cli.add_command(command)


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
