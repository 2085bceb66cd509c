"""Arguments and options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

__all__ = (
    "FILE",
    "classroom_option",
    "db_option",
    "names_argument",
    "root_option",
    "students_option",
)

names_argument = click.argument("names", nargs=-1)
root_option = click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Root of the course; by default the working directory or this repository.",
)
classroom_option = click.option(
    "--classroom",
    type=click.Path(file_okay=False, path_type=Path),
    help="The class's folder; by default classroom/ in the course.",
)
db_option = click.option(
    "--db", metavar="URL", help="The gradebook; by default the classroom's own."
)
students_option = click.option(
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


FILE = _File(dir_okay=False, writable=True, path_type=Path)
