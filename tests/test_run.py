"""run.py: what it says when something is missing, and what it does again or not.

The network and the real installers are not used here: a folder gets a copy of run.py, small lock
files, a stand-in for the module `venv`, and an interpreter that notes how it is called.
"""

from __future__ import annotations

import ast
import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import run
from tests.test_layers import imports

ROOT = Path(__file__).resolve().parent.parent
SOURCE = (ROOT / "run.py").read_text(encoding="utf-8")


# --- an old Python, a missing module, a taken port -----------------------------------------


def test_old_pythons_can_read_it() -> None:
    """Python 3.6 can parse the file and finds every module it imports at the top."""
    ast.parse(SOURCE, feature_version=(3, 6))
    eager = {found.name.split(".")[0] for found in imports(SOURCE) if found.eager}
    assert eager <= sys.stdlib_module_names - {"tomllib", "zoneinfo", "graphlib"}


@given(st.tuples(st.just(3), st.integers(0, 10)))
def test_old_python_is_told(version: tuple[int, int]) -> None:
    """A Python older than 3.11 is told its own version and the one it takes."""
    with pytest.raises(run.RunError) as told:
        run.check_python(version)
    what, hint = str(told.value).split("\n")
    assert what == f"This course needs Python 3.11 or newer, and this is Python 3.{version[1]}."
    assert hint.startswith("Hint: ")


def test_this_python_is_new_enough() -> None:
    """The Python that runs these tests passes, and so does the oldest one allowed."""
    run.check_python(run.MINIMUM)
    run.check_python(sys.version_info[:2])


def test_missing_ensurepip_names_the_package(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where Python came without ensurepip, as Debian's does, the package to install is named."""
    monkeypatch.setattr(run, "is_ready", lambda _kind: False)
    monkeypatch.setattr(run.importlib.util, "find_spec", lambda name: name != "ensurepip" or None)
    assert run.main(["setup"]) == 1
    told = capsys.readouterr().err
    assert "This Python came without its module ensurepip.\nHint: " in told
    assert "apt install python3-venv" in told


def test_taken_port_is_told_and_another_named() -> None:
    """A taken port is refused with a free one in the hint, and is fine once it is free again."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        with pytest.raises(run.RunError, match=f"Port {taken} is taken") as told:
            run.check_port(taken)
        named = re.search(r"--port (\d+)`", str(told.value))
        assert named
        assert int(named[1]) != taken
    run.check_port(0)


@given(st.integers(0, 65535))
def test_port_numbers_are_read(number: int) -> None:
    """Every port number there is can be given."""
    assert run.port(str(number)) == number


@given(st.integers(max_value=-1) | st.integers(min_value=65536))
def test_impossible_ports_are_refused(number: int) -> None:
    """A number that is no port is refused as such, not called taken."""
    with pytest.raises(ValueError, match=r"^$"):
        run.port(str(number))


@pytest.mark.parametrize("words", ["eighty", "70000"])
def test_bad_port_ends_with_one_line(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`--port` with something else behind it ends at once and names what was wrong."""
    with pytest.raises(SystemExit):
        run.main(["lab", "--port", words])
    assert f"argument --port: invalid port value: '{words}'" in capsys.readouterr().err


def test_unknown_command_lists_the_known(capsys: pytest.CaptureFixture[str]) -> None:
    """A command that does not exist gets the list of those that do."""
    assert run.main(["start"]) == 1
    told = capsys.readouterr().err
    assert told.strip().startswith("There is no command `start`.\nHint: ")
    assert all(name in told for name in run.COMMANDS)


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"]])
def test_help_names_every_command(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Without a command, or when asked, it lists every command it has."""
    assert run.main(arguments) == 0
    told = capsys.readouterr().out
    assert all(f"python3 run.py {name} " in told for name in run.COMMANDS)


def test_ctrl_c_ends_quietly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ctrl-C while setting up ends with one sentence and the status that shells expect."""

    def interrupted(_kind: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "ensure", interrupted)
    assert run.main(["setup"]) == 130
    assert capsys.readouterr().err.strip().startswith("Stopped.\nHint: ")


# --- what the installers say ---------------------------------------------------------------

SAID = {
    "downloaded": [
        "WARNING: Retrying after connection broken by 'NewConnectionError'\nERROR: No match",
        "<urlopen error [Errno -3] Temporary failure in name resolution>",
        "error: Failed to fetch\n  cause: client error (Connect)\n  cause: dns error",
        "error sending request for url: operation timed out",
        "[Errno 11001] getaddrinfo failed",
        "ProxyError('Cannot connect to proxy.', OSError('Tunnel connection failed: 403'))",
    ],
    "disk is full": [
        "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
        "error: failed to hardlink file: No space left on device (os error 28)",
        "There is not enough space on the disk. (os error 112)",
        "Disk quota exceeded (os error 122)",
    ],
    "tested with": [
        "error: Hash mismatch for `six==1.17.0`",
        "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
    ],
    "lines above": ["Segmentation fault", "", "error: os error 2"],
}


@pytest.mark.parametrize(
    ("told", "said"), [(told, said) for told, all_said in SAID.items() for said in all_said]
)
def test_failures_are_explained(told: str, said: str) -> None:
    """The installers' own words become one sentence that says what happened, and one hint."""
    what, hint = str(run.explain(said)).split("\n")
    assert told in what
    assert hint.startswith("Hint: ")


def test_block_is_a_package_with_its_hashes() -> None:
    """A package's lines are cut out of the real lock with all hashes and nothing else."""
    lock = run.LOCKS["learner"].read_text(encoding="utf-8")
    block = run.block(lock, "uv")
    assert block.startswith("uv==")
    assert block.count("--hash=sha256:") > 1
    assert re.findall("^[a-z0-9].*==", block, re.MULTILINE) == [block.partition("==")[0] + "=="]
    assert block in lock


def test_block_that_is_missing_is_told() -> None:
    """A lock without the installer is a damaged file, and is called one."""
    with pytest.raises(run.RunError, match="names no uv"):
        run.block("six==1.17.0 \\\n    --hash=sha256:0\n", "uv")


# --- a set-up from beginning to end, with stand-ins ----------------------------------------

# What `import venv` finds beside the copy of run.py.
FAKE_VENV = """
import shutil, sys
from pathlib import Path

class EnvBuilder:
    def __init__(self, **options):
        assert options.pop("clear") and options.pop("with_pip")

    def create(self, place):
        shutil.rmtree(place, ignore_errors=True)
        (place / "bin").mkdir(parents=True)
        (place / "pyvenv.cfg").write_text(f"executable = {sys.executable}\\n")
        python, script = place / "bin" / "python", place.parent / "python.py"
        python.write_text(f"#!/bin/sh\\nexec '{sys.executable}' -I '{script}' \\"$@\\"\\n")
        python.chmod(0o755)
        with (place.parent / "calls").open("a") as log:
            print('["venv"]', file=log)
"""
# The interpreter of the environment: notes each call; says and does what the test put into `fault`.
FAKE_PYTHON = """
import json, os, sys
from pathlib import Path

root = Path(__file__).parent
with (root / "calls").open("a") as log:
    print(json.dumps(sys.argv[1:]), file=log)
if sys.argv[1:4] == ["-m", "pip", "install"]:
    (root / ".venv" / "lib" / "uv-1.0.dist-info").mkdir(parents=True)
    (root / ".venv" / "lib" / "uv-1.0.dist-info" / "RECORD").touch()
if (root / "fault").exists():
    step, words = (root / "fault").read_text().split("|")
    if step in sys.argv:
        sys.exit(words)
if "jupyterlab" in sys.argv or "pytest" in sys.argv:
    print(os.getcwd(), os.environ.get("PYTHONPATH"), os.environ["VIRTUAL_ENV"], sep="|")
    sys.exit(7)
"""
HASHED = "{}==1.0 \\\n    --hash=sha256:00\n"


class Copy:
    """A copy of run.py in a folder of its own, among stand-ins."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name, content in {
            "run.py": SOURCE,
            "venv.py": FAKE_VENV,
            "python.py": FAKE_PYTHON,
            "pyproject.toml": "",
            "requirements.lock": HASHED.format("six") + HASHED.format("uv"),
            "requirements-dev.lock": "".join(map(HASHED.format, ("ruff", "six", "uv"))),
            "course/toollab/jupyter/overrides.json": "{}",
        }.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """Run a command from another folder and return status, output and errors."""
        done = subprocess.run(
            [sys.executable, str(self.root / "run.py"), *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd=self.root.parent,
            env={**os.environ, "PYTHONPATH": str(self.root / "elsewhere"), "PYTHONSAFEPATH": ""},
        )
        return done.returncode, done.stdout, done.stderr

    def calls(self) -> list[str]:
        """Return, and forget, what was done: the words after `-m`, up to the first option."""
        log = self.root / "calls"
        lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
        log.write_text("", encoding="utf-8")
        return [re.sub(r"^-m ", "", " ".join(json.loads(line))).split(" -")[0] for line in lines]

    def fault(self, step: str, words: str) -> None:
        """Let the step that has this word among its arguments fail with these words."""
        (self.root / "fault").write_text(f"{step}|{words}", encoding="utf-8")

    def mend(self) -> None:
        """Let every step do well again."""
        (self.root / "fault").unlink()


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    """Return a copy of run.py, in a folder with a space in its name."""
    if os.name != "posix":
        pytest.skip("the stand-in for the environment's Python is a shell script")
    return Copy(tmp_path / "my course")


WHOLE = ["venv", "pip install", "uv pip sync", "uv pip install"]


def test_first_use_sets_up_and_the_second_starts_at_once(copy: Copy) -> None:
    """The first use goes through every step and shows it; the second goes through none."""
    status, out, _ = copy.run("setup")
    assert status == 0
    assert copy.calls() == WHOLE
    assert [f"[{n}/3]" in out for n in (1, 2, 3)] == [True] * 3
    assert copy.run("setup") == (0, "", "")
    assert copy.calls() == []


def test_lab_becomes_jupyterlab(copy: Copy) -> None:
    """`lab` ends as JupyterLab, in the course's folder, at the first notebook."""
    (copy.root / "course" / "01-overview").mkdir()
    (copy.root / "course" / "01-overview" / "01-overview.ipynb").touch()
    copy.run("setup")
    copy.calls()
    status, out, _ = copy.run("lab", "--port", "0", "--no-browser", "--log-level=INFO")
    where, path, venv = out.splitlines()[-1].split("|")
    assert status == 7
    assert Path(where) == copy.root / "course"
    assert (path, Path(venv)) == ("None", copy.root / ".venv")
    called = json.loads((copy.root / "calls").read_text(encoding="utf-8"))
    assert called[:3] == ["-m", "jupyterlab", "--port=0"]
    assert "--LabApp.default_url=/lab/tree/01-overview/01-overview.ipynb" in called
    assert f"--ServerApp.root_dir={copy.root / 'course'}" in called
    assert called[-2:] == ["--no-browser", "--log-level=INFO"]
    assert "--log-level=ERROR" not in called
    assert "--KernelManager.transport_encryption=auto" in called


def test_test_becomes_pytest(copy: Copy) -> None:
    """`test` ends as pytest, at the repository's root, with its arguments and its exit status."""
    status, out, _ = copy.run("test", "-k", "clock", "--help")
    assert status == 7
    assert Path(out.splitlines()[-1].split("|")[0]) == copy.root
    last = (copy.root / "calls").read_text(encoding="utf-8").splitlines()[-1]
    assert json.loads(last) == ["-m", "pytest", "-k", "clock", "--help"]


def test_taking_turns_costs_nothing(copy: Copy) -> None:
    """`lab` after `test` changes nothing, and neither does `test` after that."""
    copy.run("lab", "--port", "0")
    copy.run("test")
    assert copy.calls() == [*WHOLE, "jupyterlab", "uv pip sync", "uv pip install", "pytest"]
    for _ in range(2):
        copy.run("lab", "--port", "0")
        copy.run("test")
        assert copy.calls() == ["jupyterlab", "pytest"]


def test_renewed_lock_is_installed(copy: Copy) -> None:
    """A changed lock is installed into what is there; a changed project downloads nothing."""
    copy.run("test")
    copy.calls()
    for name, steps in {
        "requirements-dev.lock": ["uv pip sync", "uv pip install"],
        "pyproject.toml": ["uv pip install"],
    }.items():
        with (copy.root / name).open("a", encoding="utf-8") as file:
            file.write("# changed\n")
        copy.run("setup")
        assert copy.calls() == steps


@pytest.mark.parametrize("step", ["pip", "sync", "--editable"])
def test_interrupted_set_up_is_done_again(copy: Copy, step: str) -> None:
    """Whichever step fails, the next run starts over and ends well."""
    copy.fault(step, "No space left on device")
    status, _, err = copy.run("setup")
    assert status == 1
    assert "The disk is full, so the set-up could not finish.\nHint: " in err
    copy.mend()
    copy.calls()
    assert copy.run("setup")[0] == 0
    assert copy.calls() == WHOLE


@pytest.mark.parametrize("damage", ["moved", "stamp", "python", "base"])
def test_damaged_environment_is_made_anew(copy: Copy, damage: str) -> None:
    """An environment that was moved, half removed, or lost its Python is made anew."""
    copy.run("setup")
    copy.calls()
    venv = copy.root / ".venv"
    if damage == "moved":
        copy.root = copy.root.rename(copy.root.with_name("elsewhere"))
    elif damage == "stamp":
        (venv / "ready.json").write_text("[1, ", encoding="utf-8")
    elif damage == "python":
        (venv / "bin" / "python").unlink()
    else:
        (venv / "pyvenv.cfg").write_text("executable = /no/such/python\n", encoding="utf-8")
    assert copy.run("setup")[0] == 0
    assert copy.calls() == WHOLE


def test_first_use_without_network(copy: Copy) -> None:
    """The first use without network ends with a sentence, a hint and nothing half made."""
    copy.fault("pip", "Temporary failure in name resolution")
    status, _, err = copy.run("lab", "--port", "0")
    assert status == 1
    assert "The packages could not be downloaded, and setting up needs the network." in err
    assert "Traceback" not in err
    assert not (copy.root / ".venv" / "ready.json").exists()


def test_tests_without_network_leave_the_course_usable(copy: Copy) -> None:
    """When what the tests need can't be fetched, what a learner had goes on working."""
    copy.run("setup")
    copy.calls()
    copy.fault("sync", "dns error")
    assert copy.run("test")[0] == 1
    copy.calls()
    copy.run("lab", "--port", "0")
    assert copy.calls() == ["jupyterlab"]


def test_plain_console_can_show_everything(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    """A console that knows no box drawing gets the sentence and the hint all the same."""
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    copy.fault("sync", "╰─▶ dns error")
    status, out, err = copy.run("setup")
    assert status == 1
    assert "??? dns error" in out
    assert "setting up needs the network.\nHint: " in err


def test_read_only_folder_is_told(copy: Copy) -> None:
    """A folder that can't be written to is named, without a traceback."""
    (copy.root / ".venv.lock").mkdir()
    status, _, err = copy.run("setup")
    assert status == 1
    assert str(copy.root) in err
    assert "Hint: " in err
    assert "Traceback" not in err
