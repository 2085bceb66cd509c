"""What nbgrader needs to know about this course.

Read by every `nbgrader` command and by the Formgrader of a JupyterLab started with this folder in
`JUPYTER_CONFIG_PATH`, and by `python -m autograder`.  `README.md` beside it is the manual.
"""

from __future__ import annotations

import os
import sys
import warnings
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
c.ZipCollectApp.downloaded_directory = f"{CLASSROOM}/downloaded"
c.CourseDirectory.db_url = f"sqlite:///{ROOT / CLASSROOM / 'gradebook.db'}"
c.CsvExportPlugin.to = str(ROOT / CLASSROOM / "grades.csv")

# nbgrader starts `alembic` from PATH when it makes the gradebook.  Called as `.venv/bin/nbgrader`
# from a shell that has not activated the environment, it finds none and leaves half a gradebook.
_programs = str(Path(sys.executable).parent)
if _programs not in os.environ.get("PATH", "").split(os.pathsep):
    os.environ["PATH"] = os.pathsep.join((_programs, os.environ.get("PATH", "")))
# A file that a learner hands in beside the notebook must not stand in for a library.
os.environ["PYTHONSAFEPATH"] = "1"

# nbgrader 0.9.6 fills its tables in an order that SQLAlchemy 2.1 remarks upon three times for
# every learner; what is written is right.
warnings.filterwarnings(
    "ignore", r"Object of type <Submitted\w+> not in session", module=r"nbgrader\.api"
)

# What stands where the solution stood.  It fails only when it is called.
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\nraise NotImplementedError"}

# -- grading ------------------------------------------------------------------------------------
# nbgrader's own steps, with three of ours between them: metadata is rebuilt before anything looks
# at it, points are read off reports before they are saved, hidden tests are taken out of feedback.

_STOCK = "autograder.grading.stock"
_NBGRADER = "nbgrader.preprocessors"
c.Autograde.sanitize_preprocessors = [
    f"{_STOCK}.RebuildMetadata",
    f"{_NBGRADER}.ClearOutput",
    f"{_NBGRADER}.DeduplicateIds",
    f"{_NBGRADER}.OverwriteKernelspec",
    f"{_NBGRADER}.OverwriteCells",
    f"{_NBGRADER}.CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
    f"{_NBGRADER}.Execute",
    f"{_STOCK}.SettleGrades",
    f"{_NBGRADER}.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    f"{_NBGRADER}.LimitOutput",
    f"{_NBGRADER}.SaveAutoGrades",
    f"{_NBGRADER}.AssignLatePenalties",
    f"{_NBGRADER}.CheckCellMetadata",
]
c.GenerateFeedback.preprocessors = [
    f"{_NBGRADER}.GetGrades",
    f"{_STOCK}.ConcealHiddenTests",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]
c.OverwriteCells.add_missing_cells = True

# Seconds one cell may take.  A cell that takes longer is stopped and the rest is still graded:
# without `raise_on_iopub_timeout = False` it would cost the learner the whole notebook.
c.Execute.timeout = 60
c.Execute.raise_on_iopub_timeout = False
c.Execute.shutdown_kernel = "immediate"  # the kernel holds nothing worth a polite goodbye
c.KernelManager.transport_encryption = "auto"  # nobody else on the machine listens in
