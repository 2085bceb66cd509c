"""The benchmark's notebook as Otter grades it: the same cells, the same checks, its own runner."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.conftest import ROOT

__all__ = ("measured",)

NOTEBOOK = "03-parallel-execution"
EXERCISES = ("dispatch_all", "dispatch_threads", "call_with_timeout")

_TEST = """OK_FORMAT = True
test = {{
    "name": "{name}",
    "points": 1,
    "suites": [{{"type": "doctest", "scored": True, "setup": "", "teardown": "", "cases": [
        {{"code": ">>> check.{name}({name}).earned > 0\\nTrue", "hidden": False, "locked": False}},
    ]}}],
}}
"""
_RUN = """
import sys
from otter.run import main
for path in sys.argv[2:]:
    main(path, autograder=sys.argv[1], output_dir=None, no_logo=True)
"""


def measured(root: Path, python: str, count: int, measure: Callable[..., Any]) -> Any:
    """Measure `otter run` of a class's notebooks, one after another.

    `python` is an interpreter with Otter, and with this course's packages.
    """
    tests = root / "otter" / "tests"
    tests.mkdir(parents=True)
    for name in EXERCISES:
        (tests / f"{name}.py").write_text(_TEST.format(name=name), "utf-8")
    made = measure(
        [python, "-m", "otter", "generate", "-t", "tests", "-o", "ag.zip", "--no-environment"],
        root / "otter",
    )
    if made.status:
        raise SystemExit((root / "otter" / "bench.log").read_text("utf-8"))
    paths = []
    for number in range(count):
        folder = root / "classroom" / "submitted" / f"s{number:04}" / NOTEBOOK
        notebook = json.loads((folder / f"{NOTEBOOK}.ipynb").read_text("utf-8"))
        # Otter adds its tests at the end; the notebook's own check cells would be run twice.
        notebook["cells"] = [c for c in notebook["cells"] if not c["id"].endswith("-check")]
        path = root / "otter" / f"s{number:04}.ipynb"
        path.write_text(json.dumps(notebook), "utf-8")
        paths.append(str(path))
    (root / "otter" / "run.py").write_text(_RUN, "utf-8")
    course = str(ROOT / "course")
    return measure([python, "run.py", "ag.zip", *paths], root / "otter", PYTHONPATH=course)
