"""The instructor's manual speaks of commands and files that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from nbgrader.apps.nbgraderapp import NbGraderApp

from autograder.cli import cli
from autograder.grading import stock

PACKAGE = Path(__file__).resolve().parents[2] / "autograder"
MANUAL = (PACKAGE / "README.md").read_text(encoding="utf-8")


def test_our_commands_exist():
    """Every command of ours in the manual is one the command line has, and none is left out."""
    assert set(re.findall(r"python -m autograder (\w+)", MANUAL)) >= {"release", "refresh", "lint"}
    assert set(re.findall(r"python -m autograder (\w+)", MANUAL)) <= set(cli.commands)


def test_nbgraders_commands_exist():
    """Every nbgrader command in the manual is one nbgrader has."""
    named = set(re.findall(r"(?m)^nbgrader (\w+)|`nbgrader (\w+)", MANUAL))
    commands = {first or second for first, second in named}
    assert commands >= {"generate_assignment", "autograde", "generate_feedback", "export"}
    assert commands <= set(NbGraderApp.subcommands)


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(([^)#:]+)\)", MANUAL))))
def test_links_lead_somewhere(target: str):
    """Every link of the manual leads to a file or folder."""
    assert (PACKAGE / target).exists()


def test_steps_are_named():
    """The manual explains each of our steps by its name."""
    assert [name for name in stock.__all__ if f"| `{name}` |" not in MANUAL] == []
