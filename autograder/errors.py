"""The one exception that every command turns into a sentence and a failing status."""

from __future__ import annotations

__all__ = ("CourseError",)


class CourseError(Exception):
    """Something in the course stops a command.  The text is meant for the instructor."""
