"""What grading needs of the operating system."""

from __future__ import annotations

import platform

from autograder.errors import CourseError

__all__ = ("check_system",)


def check_system() -> None:
    """Raise `CourseError` where learners' code cannot be walled off at all."""
    name = platform.system()
    if name != "Linux":
        raise CourseError(
            f"Grading needs Linux, and this is {name}. Hint: use a virtual machine, a container or"
            " WSL; to check one notebook, open it in JupyterLab and press Validate."
        )
