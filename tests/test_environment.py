"""pyproject.toml, both locks, environment.yml and run.py tell of one and the same environment."""

from __future__ import annotations

import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

import run
from tests.test_layers import HOMES, all_imports

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
GROUPS = PYPROJECT["dependency-groups"]
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
BUILT_ON = {"anthropic", "ipywidgets", "jupyterlab", "nbgrader", "nbval", "openai", "pytest"}


def text(kind: str) -> str:
    """Return the text of one lock file."""
    return run.LOCKS[kind].read_text(encoding="utf-8")


def locked(kind: str) -> list[Requirement]:
    """Return the requirements of one lock file; a package may stand there once a platform."""
    return [
        Requirement(line.removesuffix("\\").strip())
        for line in text(kind).splitlines()
        if re.match("[a-z0-9]", line)
    ]


def pins(lines: list[str] | list[Requirement]) -> set[tuple[str, str]]:
    """Return `(name, version specifier)` of each requirement."""
    parsed = [Requirement(str(line)) for line in lines]
    return {(wanted.name.lower(), str(wanted.specifier)) for wanted in parsed}


DECLARED = {
    "learner": pins([*PROJECT["dependencies"], *GROUPS["setup"]]),
    "dev": pins(
        [
            *PROJECT["dependencies"],
            *(pin for extra in PROJECT["optional-dependencies"].values() for pin in extra),
            *GROUPS["setup"],
            *GROUPS["dev"],
        ]
    ),
}


@pytest.mark.parametrize("kind", run.LOCKS)
def test_lock_holds_what_is_declared(kind: str) -> None:
    """Every version that pyproject.toml declares is exact, and is the locked one."""
    assert all(re.fullmatch(r"==[\w.]+", version) for _, version in DECLARED[kind])
    assert DECLARED[kind] <= pins(locked(kind))


def test_dev_lock_extends_the_learner_lock() -> None:
    """The tests' environment holds all of the learner's, so that one can serve for the other."""
    assert pins(locked("learner")) < pins(locked("dev"))


@pytest.mark.parametrize("kind", run.LOCKS)
def test_lock_is_hashed_and_names_no_host(kind: str) -> None:
    """Each locked package carries hashes, and no line says where packages come from."""
    blocks = re.split(r"^(?=[a-z0-9])", text(kind), flags=re.MULTILINE)[1:]
    assert len(blocks) == len(locked(kind))
    assert [block for block in blocks if "--hash=sha256:" not in block] == []
    assert not re.search(r"://|index-url|find-links", text(kind))


def test_conda_environment_shows_the_locked_versions() -> None:
    """environment.yml takes the lock, and names the packages that the course is built on."""
    lock, *shown = CONDA["dependencies"][-1]["pip"]
    assert lock == "-r requirements.lock"
    assert {name for name, _ in pins(shown)} == BUILT_ON
    assert pins(shown) <= pins(locked("learner"))
    assert CONDA["name"] == PROJECT["name"]


def test_python_floor_is_one() -> None:
    """Everything that names the oldest Python names the same one, and conda's is not older."""
    floor = "{}.{}".format(*run.MINIMUM)
    assert PROJECT["requires-python"] == f">={floor}"
    assert PYPROJECT["tool"]["mypy"]["python_version"] == floor
    python = next(d for d in CONDA["dependencies"] if str(d).startswith("python="))
    assert tuple(map(int, python.removeprefix("python=").split("."))) >= run.MINIMUM
    assert f"Python {floor} or newer" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_build_uses_locked_versions() -> None:
    """What builds the project stands in the lock: installing it fetches nothing."""
    assert pins(PYPROJECT["build-system"]["requires"]) <= pins(locked("learner"))


def test_installed_versions_are_the_locked_ones() -> None:
    """These tests run in the environment of the dev lock."""
    wanted = [r for r in locked("dev") if r.marker is None or r.marker.evaluate()]
    assert wanted
    assert [r for r in wanted if not r.specifier.contains(metadata.version(r.name))] == []


def test_imports_are_declared() -> None:
    """What a module of ours imports is declared in pyproject.toml, not merely there by luck."""
    providers = metadata.packages_distributions()
    extras = PROJECT["optional-dependencies"].values()
    declared = {
        name for name, _ in pins([*PROJECT["dependencies"], *(pin for e in extras for pin in e)])
    }
    undeclared = {
        top: providers.get(top)
        for _, found, _ in all_imports()
        if (top := found.name.split(".")[0]) not in {*sys.stdlib_module_names, *HOMES}
        and not declared & {name.lower() for name in providers.get(top, ())}
    }
    assert undeclared == {}
