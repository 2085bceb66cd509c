"""A JupyterLab on this machine, and a page that shows it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.lab import Lab
from tests.conftest import ROOT, find_program

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start JupyterLab over a copy of what a learner receives; yield its address."""
    root = tmp_path_factory.mktemp("learner")
    for path in sorted((ROOT / "course").glob("[0-9]*")):
        shutil.copytree(path, root / path.name)
    home = tmp_path_factory.mktemp("home")
    environment = os.environ | {
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "IPYTHONDIR": str(home / "ipython"),
    }
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += ["--ip=127.0.0.1", "--port=0", "--LabApp.expose_app_in_browser=True"]
    command += [f"--ServerApp.root_dir={root}", "--IdentityProvider.token=learner"]
    with subprocess.Popen(  # the address is read from what it prints
        command,
        env=environment,
        cwd=root,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield _address(process)
        finally:
            process.terminate()


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stderr is not None
    printed = []
    for line in process.stderr:
        printed.append(line)
        found = re.search(r"(http://127\.0\.0\.1:\d+)/lab\?token=", line)
        if found:
            _drain(process)
            return found[1]
    pytest.fail("JupyterLab did not start:\n" + "".join(printed[-30:]))


def _drain(process: subprocess.Popen[str]) -> None:
    """Go on reading, so that the server never waits for a full pipe."""
    from threading import Thread  # noqa: PLC0415

    assert process.stderr is not None
    Thread(target=process.stderr.read, daemon=True).start()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Chromium once for a module: while it runs, this thread has a running event loop."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_program("chromium"), args=FLAGS, headless=True
        )
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open an empty page that waits up to a minute for what it is asked to find."""
    page = browser.new_page(viewport={"width": 1200, "height": 1000})
    page.set_default_timeout(60_000)
    yield page
    page.close()


@pytest.fixture
def opened(server: str, page: Page, request: pytest.FixtureRequest) -> Callable[[str], Lab]:
    """Return a function that opens a notebook in a fresh workspace with a fresh kernel."""
    shots = os.environ.get("TOOLLAB_SCREENSHOTS", "")

    def open_(path: str) -> Lab:
        lab = Lab(page, Path(shots) if shots else None, request.node.name)
        lab.open(f"{server}/lab/tree/{path}?reset&token=learner")
        return lab

    return open_
