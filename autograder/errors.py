"""Errors that every command turns into a sentence, a hint and a failing status."""

from __future__ import annotations

import errno
import sys

__all__ = ("CourseError", "explain")


class CourseError(Exception):
    """Something in the course stops a command.  The text is meant for the instructor."""


_HINTS = {
    errno.EACCES: "the file, or the folder around it, must be yours to read and write.",
    errno.EPERM: "the file, or the folder around it, must be yours to read and write.",
    errno.EROFS: "name another place with --classroom, or make this one writable.",
    errno.ENOSPC: "free some space and give the same command again; what is finished is kept.",
    errno.EDQUOT: "free some space and give the same command again; what is finished is kept.",
}


def explain(error: BaseException) -> str | None:
    """Return one sentence and a hint if the user can mend it; `None` if the mistake is ours."""
    if isinstance(error, CourseError):
        return str(error)
    if isinstance(error, OSError) and error.errno in _HINTS:
        where = f": {error.filename}" if error.filename else ""
        return f"{error.strerror}{where}. Hint: {_HINTS[error.errno]}"
    if isinstance(error, ModuleNotFoundError) and not f"{error.name}.".startswith("autograder."):
        return (
            f"This Python has no module {error.name}. Hint: use the course's own,"
            " `.venv/bin/python`, which `python3 run.py setup` makes; what --db or --dask need"
            " beyond it is installed as the manual says."
        )
    # Whoever has not imported these cannot have got their errors; importing them takes long.
    database = getattr(sys.modules.get("sqlalchemy.exc"), "SQLAlchemyError", ())
    if isinstance(error, database):
        said = str(getattr(error, "orig", None) or error).strip().splitlines()[0].rstrip(".")
        return (
            f"The gradebook cannot be used: {said}. Hint: it is a file that is yours to write, or"
            " what --db names: a path, or an address such as postgresql://teacher@localhost/grades."
        )
    settings = getattr(sys.modules.get("traitlets"), "TraitError", ())
    if isinstance(error, settings):
        return f"nbgrader_config.py has a setting that cannot be: {error}. Hint: mend it there."
    return None
