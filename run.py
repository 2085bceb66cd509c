"""Start the course, or its tests, on any machine that has Python 3.11 or newer.

    python3 run.py lab               open the course in JupyterLab
    python3 run.py lab --port 9000   the same on another port; other options go to JupyterLab
    python3 run.py test              run the tests; options and paths go to pytest
    python3 run.py lint              check style and types
    python3 run.py setup             only set up; --dev with the tests' tools, --fresh from scratch
    python3 run.py lock              renew the lock files from pyproject.toml; options go to uv

The first `lab` sets the course up in the folder `.venv`: locked versions, checked by hash; the
first `test` or `lint` adds what these need.  Later uses start at once and need no network.
"""

# Only the standard library, and only syntax that Python 3.6 can read: an older Python must get
# as far as the sentence that says that it is too old.

import argparse
import collections
import contextlib
import errno
import hashlib
import importlib.util
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Callable, Deque, Dict, Iterator, List, NoReturn, Optional, Tuple

MINIMUM = (3, 11)
ROOT = Path(__file__).resolve().parent
COURSE = ROOT / "course"
VENV = ROOT / ".venv"
STAMP = VENV / "ready.json"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOCKS = {"learner": ROOT / "requirements.lock", "dev": ROOT / "requirements-dev.lock"}
PROJECT = (ROOT / "pyproject.toml", COURSE / "toollab" / "jupyter" / "overrides.json")
PORT = 8888
MAX_PORT = 65535


class RunError(Exception):
    """Something the user can mend: one sentence what happened, one what to do."""

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(f"{what}\nHint: {hint}")


class OfflineError(RunError):
    """The network can't be reached."""


def check_python(version: Tuple[int, ...]) -> None:
    """Raise `RunError` if this Python is too old for what the course is built on."""
    if version[:2] < MINIMUM:
        raise RunError(
            "This course needs Python {}.{} or newer, and this is Python {}.{}.".format(
                *MINIMUM + tuple(version[:2])
            ),
            "Install a newer Python, then start it by its name: `python3.12 run.py lab`.",
        )


def check_modules() -> None:
    """Raise `RunError` where Python came without what makes virtual environments."""
    missing = [name for name in ("venv", "ensurepip") if not importlib.util.find_spec(name)]
    if missing:
        raise RunError(
            "This Python came without its module {}.".format(" and ".join(missing)),
            "On Debian and Ubuntu run `sudo apt install python3-venv`; elsewhere install the"
            " complete Python.",
        )


def port(text: str) -> int:
    """Read a port number; 0 lets the system choose one."""
    number = int(text)
    if not 0 <= number <= MAX_PORT:
        raise ValueError
    return number


def check_port(number: int) -> None:
    """Raise `RunError` if no server can listen on this port of the loopback interface."""
    if _is_free(number):
        return
    free = next((p for p in range(number + 1, MAX_PORT + 1) if _is_free(p)), 0)
    raise RunError(
        f"Port {number} is taken, perhaps by this course in another window.",
        f"Use that window, or choose another port: `python3 run.py lab --port {free}`.",
    )


def _is_free(number: int) -> bool:
    with socket.socket() as probe:
        if os.name == "posix":  # as the server does; on Windows this option means something else
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", number))
        except OSError:
            return False
    return True


# --- the private environment ---------------------------------------------------------------


def ensure(kind: str) -> None:
    """Make `.venv` hold what `kind` ("learner" or "dev") needs; do nothing if it does.

    The dev lock holds everything the learner's holds, so going back and forth costs nothing.
    """
    if is_ready(kind):
        return
    check_modules()
    with _alone():
        if not is_ready(kind):  # while we waited, another run may have done it
            _build("dev" if _stamp().get("kind") == "dev" else kind)


def is_ready(kind: str) -> bool:
    """Tell whether the last set-up ended well and nothing it depends on has changed."""
    stamp = _stamp()
    return stamp.get("kind") in (kind, "dev") and stamp == describe(stamp["kind"])


def describe(kind: str) -> Dict[str, str]:
    """Describe what a finished set-up was made of: its place, interpreter, lock and project."""
    project = b"".join(path.read_bytes() for path in PROJECT)
    return {
        "kind": kind,
        "root": str(ROOT),
        "python": _interpreter(),
        "lock": hashlib.sha256(LOCKS[kind].read_bytes()).hexdigest(),
        "project": hashlib.sha256(project).hexdigest(),
    }


def _interpreter() -> str:
    """Describe the Python that `.venv` was made from; empty if it or `.venv` is gone."""
    with contextlib.suppress(OSError):
        config = (VENV / "pyvenv.cfg").read_text(encoding="utf-8")
        found = re.search(r"^executable = (.+)$", config, re.MULTILINE)
        if found and PYTHON.exists():
            facts = Path(found.group(1)).stat()
            return f"{found.group(1)} {facts.st_size} {facts.st_mtime_ns}"
    return ""


def _stamp() -> Dict[str, str]:
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def _mark(stamp: Dict[str, str]) -> None:
    unfinished = STAMP.with_suffix(".tmp")
    unfinished.write_text(json.dumps(stamp), encoding="utf-8")
    unfinished.replace(STAMP)


def _unmark() -> None:
    with contextlib.suppress(FileNotFoundError):
        STAMP.unlink()


def _build(kind: str) -> None:
    """Set up: from nothing, or by changing what a finished set-up left.

    There is no stamp while this works.  Finding none, the next run knows that this one was
    interrupted, and throws away whatever it left.
    """
    old, new = _stamp(), describe(kind)
    fresh = any(old.get(name) != new[name] for name in ("root", "python"))
    _unmark()
    if fresh:
        print("Setting up the course in .venv, once: about a minute and 400 MB.")
        _step(1, "making a private Python environment")
        _make_venv()
    else:
        print("Bringing .venv up to date.")
    try:
        if fresh or old["lock"] != new["lock"]:
            _install(LOCKS[kind])
    except OfflineError:
        if not fresh:
            _mark(old)  # all is fetched before anything is changed: what was there still works
        raise
    _uv("install", "--quiet", "--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    _mark(describe(kind))
    print("Done.\n", flush=True)


def _install(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    uv = block(text, "uv")
    version = uv.split()[0].partition("==")[2]
    if not any(VENV.glob(f"**/uv-{version}.dist-info/RECORD")):
        _step(2, f"fetching uv {version}, which installs the rest")
        wanted = VENV / "uv.txt"
        wanted.write_text(uv, encoding="utf-8")
        _run("pip", "install", "--quiet", "--no-deps", "--require-hashes", "-r", str(wanted))
    count = len(re.findall("^[a-z0-9].*==", text, re.MULTILINE))
    _step(3, f"installing {count} packages from {lock.name}")
    _uv("sync", "--require-hashes", str(lock))


def block(lock: str, name: str) -> str:
    """Return a package's own lines of a lock file: its pin and its hashes."""
    found = re.search(rf"^{re.escape(name)}==.*(?:\n .*)*\n", lock, re.MULTILINE)
    if not found:
        raise RunError(
            f"The lock file names no {name}.",
            "Restore it with `git checkout requirements.lock`.",
        )
    return found.group()


def _make_venv() -> None:
    import venv  # noqa: PLC0415 - missing on some systems, which check_modules() has ruled out

    try:
        builder = venv.EnvBuilder(
            clear=True, with_pip=True, symlinks=os.name != "nt", prompt="parallel-tool-use"
        )
        builder.create(VENV)
    except subprocess.CalledProcessError as error:
        output = error.output or b""
        words = output if isinstance(output, str) else output.decode(errors="replace")
        print(words)
        raise explain(words) from None


def _uv(*arguments: str) -> None:
    _run("uv", "pip", arguments[0], "--python", str(PYTHON), *arguments[1:])


def _run(*arguments: str) -> None:
    """Run a module of the environment and show what it says, as it says it."""
    last: Deque[str] = collections.deque(maxlen=100)
    with subprocess.Popen(
        [str(PYTHON), "-m", *arguments],
        env=environment(),
        cwd=str(ROOT),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as program:
        for raw in program.stdout or ():
            line = raw.decode(errors="replace").rstrip()
            last.append(line)
            if line and not re.match(" [-+~] ", line):  # uv's list of every single package
                print("      " + line.strip(), flush=True)
    if program.returncode:
        raise explain("\n".join(last))


def explain(output: str) -> RunError:
    """Turn the last words of pip, uv or ensurepip into a sentence and a hint."""
    for words, kind, what, hint in EXPLANATIONS:
        if re.search(words, output, re.IGNORECASE):
            return kind(what, hint)
    return RunError(
        "The set-up stopped, and the lines above say why.",
        "Run the same command again: it starts over by itself.",
    )


EXPLANATIONS = (
    (
        "no space left|disk quota exceeded|os error (28|112)[^0-9]|errno 28|not enough space",
        RunError,
        "The disk is full, so the set-up could not finish.",
        "Free about 1 GB, then run the same command again: it starts over by itself.",
    ),
    (
        "hash mismatch|do not match the hashes",
        RunError,
        "A package arrived that is not the one this course was tested with.",
        "Something on the way changes files: try again from another network.",
    ),
    (
        "dns error|name resolution|getaddrinfo|connection|unreachable|timed out|error sending",
        OfflineError,
        "The packages could not be downloaded, and setting up needs the network.",
        "Connect (behind a proxy: set HTTPS_PROXY) and run the same command again, once.",
    ),
)


def environment() -> Dict[str, str]:
    """Return this process's environment, bent so that only `.venv` counts."""
    env = dict(os.environ)
    for name in ("PYTHONHOME", "PYTHONPATH", "PIP_TARGET", "PIP_PREFIX"):
        env.pop(name, None)
    env["VIRTUAL_ENV"] = str(VENV)
    env["PATH"] = os.pathsep.join([str(PYTHON.parent), env.get("PATH", "")])
    env["PIP_DISABLE_PIP_VERSION_CHECK"] = env["PIP_NO_INPUT"] = "1"
    env["PIP_USER"] = "0"
    return env


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Let one set-up run at a time; a second one waits here for the first."""
    with (ROOT / ".venv.lock").open("w") as file:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 - exists there only

            try:
                msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
            except OSError:  # it waits for ten seconds only
                raise RunError(
                    "Another set-up is running.", "Wait for it, then run the same command again."
                ) from None
        else:
            import fcntl  # noqa: PLC0415 - exists there only

            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _step(number: int, text: str) -> None:
    print(f"[{number}/3] {text} ...", flush=True)


# --- the commands --------------------------------------------------------------------------


def lab(arguments: List[str]) -> NoReturn:
    """Open the course in JupyterLab."""
    parser = argparse.ArgumentParser(prog="run.py lab", add_help=False, allow_abbrev=False)
    parser.add_argument("--port", type=port, default=PORT)
    chosen, others = parser.parse_known_args(arguments)
    check_port(chosen.port)
    ensure("learner")
    pages = sorted(path.relative_to(COURSE).as_posix() for path in COURSE.glob("01-*/01-*.ipynb"))
    defaults = {
        "--ServerApp.port_retries": "0",
        "--ServerApp.root_dir": str(COURSE),
        "--LabApp.default_url": "/".join(["/lab/tree", *pages[:1]]),
        "--KernelManager.transport_encryption": "auto",  # or each kernel warns of listeners
        "--log-level": "ERROR",  # which leaves the address, and what goes wrong
    }
    given = {option.partition("=")[0] for option in others}
    command = ["-m", "jupyterlab", f"--port={chosen.port}"]
    command += [f"{name}={value}" for name, value in defaults.items() if name not in given]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")  # whoever starts this as root means it
    print("Opening the course in your browser. To stop, press Ctrl-C here, twice.", flush=True)
    _become(command + others, COURSE)


def test(arguments: List[str]) -> NoReturn:
    """Run the tests."""
    ensure("dev")
    _become(["-m", "pytest", *arguments], ROOT)


def lint(_arguments: List[str]) -> int:
    """Check style and types, and go on after the first complaint."""
    ensure("dev")
    worst = 0
    for tool in (["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"]):
        print("$ " + " ".join(tool), flush=True)
        done = subprocess.run(
            [str(PYTHON), "-m", *tool], env=environment(), cwd=str(ROOT), check=False
        )
        worst = max(worst, abs(done.returncode))
    return worst


def setup(arguments: List[str]) -> int:
    """Set up and do nothing else."""
    parser = argparse.ArgumentParser(prog="run.py setup", allow_abbrev=False)
    parser.add_argument("--dev", action="store_true", help="with the tools the tests need")
    parser.add_argument("--fresh", action="store_true", help="throw .venv away first")
    chosen = parser.parse_args(arguments)
    if chosen.fresh:
        _unmark()
    ensure("dev" if chosen.dev else "learner")
    return 0


def lock(arguments: List[str]) -> int:
    """Renew both lock files; versions stay as they are unless `--upgrade` is among the options."""
    ensure("learner")
    common = ["pyproject.toml", "--quiet", "--universal", "--generate-hashes"]
    common += ["--python-version", "{}.{}".format(*MINIMUM)]
    common += ["--no-emit-index-url", "--no-emit-find-links"]  # a lock names no registry
    common += ["--custom-compile-command", "python3 run.py lock", "--group", "setup", *arguments]
    learner, dev = LOCKS["learner"].name, LOCKS["dev"].name
    _uv("compile", *common, "--output-file", learner)
    more = ["--group", "dev", "--all-extras", "--constraint", learner]
    _uv("compile", *common, *more, "--output-file", dev)
    print(f"Renewed {learner} and {dev}.")
    return 0


def _become(arguments: List[str], where: Path) -> NoReturn:
    """Put a program in the place of this one, so that signals and exit status are its own."""
    sys.stdout.flush()
    command = [str(PYTHON), *arguments]
    if os.name == "posix":
        os.chdir(str(where))
        os.execve(command[0], command, environment())  # noqa: S606 - no shell is wanted
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the program, which asks back
    sys.exit(subprocess.call(command, env=environment(), cwd=str(where)))


COMMANDS: Dict[str, Callable[[List[str]], Optional[int]]] = {
    "lab": lab,
    "test": test,
    "lint": lint,
    "setup": setup,
    "lock": lock,
}


def find(name: str) -> Callable[[List[str]], Optional[int]]:
    """Return the function behind a command's name."""
    if name not in COMMANDS:
        raise RunError(
            f"There is no command `{name}`.", "Choose one of: {}.".format(", ".join(COMMANDS))
        )
    return COMMANDS[name]


def main(arguments: List[str]) -> Optional[int]:
    """Run one command and return the exit status; a `RunError` is told and gives 1."""
    name = arguments[0] if arguments else "--help"
    if name in ("-h", "--help"):
        print(__doc__)
        return 0
    try:
        check_python(sys.version_info[:2])
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="replace")  # not every console can show uv's arrows
        return find(name)(arguments[1:])
    except KeyboardInterrupt:
        problem = RunError("Stopped.", "Run the same command again when you are ready.")
        print(f"\n{problem}", file=sys.stderr)
        return 130
    except RunError as problem:
        print(f"\n{problem}", file=sys.stderr)
    except OSError as error:
        full = error.errno == errno.ENOSPC
        told = RunError(f"{error}.", f"The folder {ROOT} must be yours to write in.")
        print(f"\n{explain('no space left') if full else told}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
