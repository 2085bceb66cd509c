"""What nbgrader needs to know about this course.

Read by every `nbgrader` command that is called with `JUPYTER_CONFIG_PATH=autograder` or with
`--config=autograder/nbgrader_config`, by the Formgrader and Validate buttons of a JupyterLab
started with that variable, and by `python -m autograder`.  `README.md` beside it is the manual.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

c = get_config()  # type: ignore[name-defined]  # noqa: F821 - traitlets puts it there

# The course is the working directory if that is one, else the repository this file lies in.
ROOT = next(
    (
        place
        for place in (Path.cwd(), Path(__file__).resolve().parents[1])
        if (place / "solutions").is_dir()
    ),
    Path.cwd(),
)
# Everything a class produces lies in one folder that git ignores.
CLASSROOM = "classroom"
if (ROOT / "solutions").is_dir():
    (ROOT / CLASSROOM).mkdir(exist_ok=True)  # SQLite makes a file, never a folder

c.CourseDirectory.root = str(ROOT)
c.CourseDirectory.course_id = "parallel-tool-use"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "course"
for step in ("submitted", "autograded", "feedback", "solution", "source_with_tests"):
    # `solution` and `source_with_tests` are set so that `nbgrader generate_solution` does not
    # put a folder `solution` beside `solutions`.
    setattr(c.CourseDirectory, f"{step}_directory", f"{CLASSROOM}/{step}")
c.CourseDirectory.db_url = f"sqlite:///{ROOT / CLASSROOM / 'gradebook.db'}"

# nbgrader starts `alembic` from PATH when it makes the gradebook.  Called as `.venv/bin/nbgrader`
# from a shell that has not activated the environment, it finds none and leaves half a gradebook.
_programs = str(Path(sys.executable).parent)
if _programs not in os.environ.get("PATH", "").split(os.pathsep):
    os.environ["PATH"] = os.pathsep.join((_programs, os.environ.get("PATH", "")))
# A file that a learner hands in beside the notebook must not stand in for a library.
os.environ["PYTHONSAFEPATH"] = "1"

# What stands where the solution stood.  It fails only when it is called.
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\nraise NotImplementedError"}
