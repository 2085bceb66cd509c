"""The course's own notebooks show in the jail what their source stores."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from autograder.grading.jobs import Blueprint
from tests.proofs.corpus import COURSE
from tests.walled import shared_grader

NOTEBOOKS = sorted({exercise.notebook for exercise in COURSE.exercises})


def _shown(outputs: Sequence[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
    """Return what a reader sees of outputs, without widgets, which live in a browser only."""
    shown: list[tuple[Any, ...]] = []
    for output in outputs:
        kind = output["output_type"]
        if kind == "stream":
            shown.append((kind, output["name"], "".join(output["text"])))
        elif kind == "error":
            shown.append((kind, output["ename"], output["evalue"]))
        else:
            data = {
                mime: value if isinstance(value, str | dict) else "".join(value)
                for mime, value in output["data"].items()
                if "widget" not in mime
            }
            shown.append((kind, data))
    return shown


@pytest.mark.needs("bwrap")
@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_the_jail_shows_what_the_source_stores(notebook: str) -> None:
    """Every cell that is no check, and shows no real time, has the stored outputs."""
    source = json.loads((COURSE.solutions / notebook / f"{notebook}.ipynb").read_text("utf-8"))
    seen = shared_grader().grade(Blueprint(source).job(source))
    different = [
        cell["id"]
        for place, cell in enumerate(source["cells"])
        if place in seen.outputs
        and "nbval-ignore-output" not in cell["metadata"].get("tags", ())
        and _shown(seen.outputs[place]) != _shown(cell["outputs"])
    ]
    assert different == []
    assert set(seen.states.values()) == {"ok"}


def test_what_is_run_ahead_runs() -> None:
    """Of the cells that a zygote runs ahead, those fail that are meant to."""
    program = """
import sys
import anthropic, openai
from autograder.grading.jail import kernel, warmth
out, states, run = sys.stdout, [], kernel.Kernel.run
def noting(self, *args):
    states.append(run(self, *args))
    return states[-1]
kernel.Kernel.run = noting
kernel.make_shell([*warmth.ALWAYS, *warmth.WITH_SDKS])
print(*states, file=out)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=os.environ
    )
    assert done.stdout.split() == ["error", "ok", "error", "ok", "ok", "ok", "ok", "ok", "ok"]
