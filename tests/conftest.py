"""What every test here can count on.

- `--full` runs everything at full counts; without it, long suites run a seeded sample.
- Under CI=true Hypothesis draws the same examples each time, and a skipped test has failed:
  a component that is missing there is a fault of the set-up.
- `@pytest.mark.needs("bwrap")` names a program that a test can't do without.
"""

from __future__ import annotations

import faulthandler
import os
import random
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import settings

CI = os.environ.get("CI", "").lower() in {"1", "true"}
ROOT = Path(__file__).resolve().parent.parent

# A program may go by several names.  The value is where else to look, and how to get it.
ALSO_CALLED = {"chromium": ("chromium-browser", "google-chrome")}
PACKAGES = {
    "bwrap": "bubblewrap",
    "chromium": "chromium and fonts-liberation",
    "postgres": "postgresql",
}
# Debian keeps these off the path, a folder for each version.
FOLDERS = {"postgres": "usr/lib/postgresql/*/bin"}

# No deadline: a verdict never rests on a clock.
settings.register_profile("dev", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, database=None, print_blob=True)
settings.register_profile("full", deadline=None, max_examples=1_000, print_blob=True)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--full`."""
    parser.addoption("--full", action="store_true", help="run everything at full counts")


def pytest_configure(config: pytest.Config) -> None:
    """Choose how hard Hypothesis tries, unless `--hypothesis-profile` says it."""
    if not config.getoption("--hypothesis-profile"):
        full = config.getoption("--full")
        settings.load_profile("full" if full else "ci" if CI else "dev")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what only `--full` runs, and say what browser tests need."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.needs("chromium"))
    if config.getoption("--full"):
        return
    left_out = [item for item in items if item.get_closest_marker("full")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose program is missing."""
    for marker in item.iter_markers("needs"):
        for program in marker.args:
            if find_program(program) is None:
                package = PACKAGES.get(program, program)
                pytest.skip(f"{program} is not installed; on Debian: apt-get install {package}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Iterator[None]:
    """Fail, under CI=true, whatever a test left out."""
    return _refuse_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Iterator[None]:
    """Fail, under CI=true, a module that left itself out."""
    return _refuse_skip((yield))


def _refuse_skip(report: Any) -> Any:
    if CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"Skipped under CI=true, where nothing may be: {report.longrepr}"
    return report


def find_program(name: str) -> str | None:
    """Return the path of a program, whatever its name is here."""
    names = (name, *ALSO_CALLED.get(name, ()))
    found = Path("/").glob(FOLDERS[name]) if name in FOLDERS else ()
    folders = [None, *sorted(map(str, found), reverse=True)]
    paths = (shutil.which(each, path=folder) for folder in folders for each in names)
    return next(filter(None, paths), None)


@pytest.fixture
def full(request: pytest.FixtureRequest) -> bool:
    """Tell whether `--full` was given."""
    return bool(request.config.getoption("--full"))


@pytest.fixture
def sample(full: bool) -> Callable[[Sequence[Any], int], list[Any]]:
    """Return a function that keeps `count` of many cases: always the same, all under `--full`."""

    def choose(cases: Sequence[Any], count: int) -> list[Any]:
        if full or count >= len(cases):
            return list(cases)
        return random.Random(0).sample(cases, count)  # noqa: S311 - a sample, not a secret

    return choose


@pytest.fixture(autouse=True)
def _own_environment() -> Iterator[None]:
    """Give each test environment variables of its own: what it sets, no other test sees."""
    with mock.patch.dict(os.environ):
        yield


@pytest.fixture(autouse=True)
def _patience(full: bool) -> None:
    """Let a full run take its time: `faulthandler_timeout` is there to end a hang."""
    if full:
        faulthandler.cancel_dump_traceback_later()
