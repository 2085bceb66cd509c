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
    named = set(re.findall(r"python -m autograder (\w+)", MANUAL))
    assert {"release", "refresh", "lint", "grade", "feedback", "doctor"} <= named
    assert named <= set(cli.commands)


def test_our_options_exist():
    """Each option that stands in a line with a command of ours is one that the command has."""
    shown = re.findall(r"python -m autograder (\w+)([^`\n#]*)", MANUAL)
    wrong = [
        f"{name} {option}"
        for name, rest in shown
        for option in re.findall(r"--[\w-]+", rest)
        if option not in {word for param in cli.commands[name].params for word in param.opts}
    ]
    assert wrong == []


def test_every_option_of_grade_is_explained():
    """The manual's table names all options of `grade` but those that every command has."""
    options = {word for param in cli.commands["grade"].params for word in param.opts}
    told = set(re.findall(r"(--[\w-]+)", MANUAL.split("## Grade a class")[1].split("### What")[0]))
    assert {word for word in options if word.startswith("--")} - {"--root"} <= told


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
