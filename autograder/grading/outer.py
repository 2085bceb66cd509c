"""The outer wall: how the zygote is started, and whether that works here.

A wall counts as usable when a process behind it could not do what it must not, not because a
program was found.  Without one, learners' code is not run unless somebody has asked for that by
name.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec

import autograder
import toollab
from autograder.errors import CourseError
from autograder.grading.jail.isolate import Walls, spare_users
from autograder.grading.jail.landlock import DEVICES, version
from autograder.grading.limits import Limits

__all__ = ("Wall", "bubblewrap", "choose", "fault", "landlock", "no_wall")

_ENVIRONMENT = {
    "HOME": "/tmp",  # noqa: S108 - each submission has one of its own
    "LANG": "C.UTF-8",
    "MALLOC_ARENA_MAX": "2",  # or each thread reserves memory that it never uses
    "PATH": "/usr/bin:/bin",
    "PYTHONHASHSEED": "0",  # a set has the same order in every run
}
_FLAGS = ("-s", "-S", "-P", "-B", "-X", "utf8")
_PATIENCE = 60.0
_START = (
    "import sys; sys.path[:0] = {paths!r}; sys.argv = ['{module}', *sys.argv[1:]]; "
    "from runpy import run_module; "
    "run_module('autograder.grading.jail.{module}', run_name='__main__')"
)
_SYSTEM = ("bin", "lib", "lib32", "lib64", "libx32", "sbin")
_LINKER = "/etc/ld.so.cache"
# What the zygote needs, over its own namespaces if it is not root; submissions have none of it.
_POWERS = ("SYS_ADMIN", "SETUID", "SETGID", "SETPCAP", "SETFCAP", "CHOWN", "KILL", "SYS_PTRACE")
_PARTS = ("__init__.py", "grading/__init__.py", "grading/wire", "grading/jail")


@dataclass(frozen=True, slots=True)
class Wall:
    """A way to start a process that can reach nothing; `name` goes into every result.

    `readable` are the paths that Landlock leaves open, where it is used.
    """

    name: str
    prefix: tuple[str, ...]
    paths: tuple[str, ...]
    libraries: tuple[str, ...]
    walled: bool = True
    readable: tuple[str, ...] = ()

    def command(self, control: int, modules: Sequence[str]) -> list[str]:
        """Return the command that starts a zygote with this control socket."""
        return self._start("zygote", str(control), *modules, "--", *self.libraries)

    def trial(self, forbidden: Path) -> list[str]:
        """Return the command that prints `here` if this wall holds; nobody may read that file."""
        packet = msgspec.json.encode(self.walls(Limits(), spare_users().start)).decode()
        return self._start("trial", packet, str(forbidden))

    def _start(self, module: str, *arguments: str) -> list[str]:
        start = _START.format(paths=list(self.paths), module=module)
        return [*self.prefix, _python(), *_FLAGS, "-c", start, *arguments]

    def walls(self, limits: Limits, user: int) -> Walls:
        """Return the walls of one submission."""
        return Walls(
            user=user,
            cpu_seconds=limits.cpu_seconds,
            memory=limits.memory,
            processes=limits.processes,
            file_bytes=limits.file_bytes,
            disk_bytes=limits.disk_bytes,
            files=limits.files,
            open_files=limits.open_files,
            readable=self.readable,
            walled=self.walled,
        )

    @property
    def environment(self) -> Mapping[str, str]:
        """All that the zygote sees of the environment."""
        return _ENVIRONMENT


def _python() -> str:
    return str(Path(sys.executable).resolve())


def _site() -> list[str]:
    return list(dict.fromkeys(sysconfig.get_path(name) for name in ("purelib", "platlib")))


def bubblewrap(*, as_root: bool | None = None) -> Wall | None:  # noqa: C901 - one command line
    """Return bubblewrap's wall, or `None` if there is no such program.

    As root it needs no user namespace, and each submission can be another user.
    """
    program = shutil.which("bwrap")
    if program is None:
        return None
    own, course = Path(autograder.__file__).parent, Path(toollab.__file__).parent
    arguments = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts"]
    arguments += ["--unshare-cgroup-try", "--clearenv", "--new-session"]
    if not (spare_users() if as_root is None else as_root):
        arguments.insert(0, "--unshare-user")
    arguments += ["--cap-drop", "ALL"]
    for power in _POWERS:
        arguments += ["--cap-add", f"CAP_{power}"]
    for name, value in _ENVIRONMENT.items():
        arguments += ["--setenv", name, value]
    arguments += ["--ro-bind", "/usr", "/usr"]
    for name in _SYSTEM:
        path = Path("/") / name
        if path.is_symlink():
            arguments += ["--symlink", str(path.readlink()), str(path)]
        elif path.is_dir():
            arguments += ["--ro-bind", str(path), str(path)]
    arguments += ["--ro-bind-try", _LINKER, _LINKER]
    folders = [str(parent) for parent in reversed(Path(sys.base_prefix).parents)][1:]
    own_folders = ("course", "own", "own/autograder", "own/autograder/grading")
    for folder in (*folders, "/jail", *(f"/jail/{name}" for name in own_folders)):
        arguments += ["--perms", "0755", "--dir", folder]
    arguments += ["--ro-bind", sys.base_prefix, sys.base_prefix]
    sites = []
    for number, site in enumerate(_site()):
        sites.append(f"/jail/site{number}")
        arguments += ["--ro-bind", site, sites[-1]]
    arguments += ["--ro-bind", str(course), "/jail/course/toollab"]
    for part in _PARTS:
        arguments += ["--ro-bind", str(own / part), f"/jail/own/autograder/{part}"]
    arguments += ["--proc", "/proc", "--tmpfs", "/tmp", "--chdir", "/"]  # noqa: S108
    # Not `--dev`: for its terminals it may need a second user namespace, without power here.
    arguments += ["--perms", "0755", "--tmpfs", "/dev", "--dir", "/dev/shm"]  # noqa: S108
    for name in DEVICES:
        arguments += ["--dev-bind", f"/dev/{name}", f"/dev/{name}"]
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        arguments += ["--symlink", f"/proc/self/fd/{number}", f"/dev/{name}"]
    arguments += ["--symlink", "/proc/self/fd", "/dev/fd"]
    arguments += ["--remount-ro", "/dev", "--remount-ro", "/"]
    return Wall(
        "bubblewrap",
        (program, *arguments),
        ("/jail/own", "/jail/course", *sites),
        ("/jail/own", *sites),
    )


def landlock() -> Wall | None:
    """Return the wall of Landlock on top of namespaces, or `None` where there is no Landlock."""
    if not version():
        return None
    own, course = Path(autograder.__file__).parent, Path(toollab.__file__).parent
    sites = tuple(_site())
    system = [f"/{name}" for name in _SYSTEM if Path("/", name).is_dir()]
    code = [str(own / part) for part in _PARTS]
    readable = ("/usr", *system, _LINKER, sys.base_prefix, *sites, str(course), *code)
    paths = (str(own.parent), str(course.parent), *sites)
    if any(path.startswith(("/tmp/", "/dev/")) for path in readable):  # noqa: S108 - covered
        return None
    return Wall("Landlock", (), paths, sites, readable=readable)


def no_wall() -> Wall:
    """Return the wall that is none, for those who asked for it by name."""
    own, course = Path(autograder.__file__).parent.parent, Path(toollab.__file__).parent.parent
    sites = tuple(_site())
    return Wall("no jail: asked for", (), (str(own), str(course), *sites), sites, walled=False)


@cache
def fault(wall: Wall) -> str:
    """Return why a wall does not hold, or an empty text.

    A process goes behind it and tries to read and to write a file that must be out of reach.
    """
    with tempfile.TemporaryDirectory(prefix="wall-", dir=_beside_us()) as folder:
        forbidden = Path(folder) / "forbidden"
        forbidden.write_text("nobody behind a wall may read this", "utf-8")
        Path(folder).chmod(0o777)  # what keeps them out is to be the wall
        forbidden.chmod(0o666)
        try:
            done = subprocess.run(  # noqa: S603 - our own command
                wall.trial(forbidden),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_PATIENCE,
                check=False,
                env=dict(wall.environment),
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return str(error)
    if done.returncode == 0 and done.stdout == b"here\n":
        return ""
    said = (done.stderr or done.stdout).decode("utf-8", "replace").strip()
    return said.splitlines()[-1][-300:] if said else f"status {done.returncode}"


def _beside_us() -> str | None:
    """Return where the folder of a trial can lie: not in /tmp, which behind a wall is another."""
    shared = "/var/tmp"  # noqa: S108 - a folder of its own is made in there
    return shared if os.access(shared, os.W_OK) else None


def choose(*, unsafe: bool = False) -> Wall:
    """Return the best wall that holds here: bubblewrap's, then Landlock's.

    Raises `CourseError` if none does and nobody asked to go without.
    """
    reasons = []
    for name, wall in (("bubblewrap (bwrap)", bubblewrap()), ("Landlock", landlock())):
        reason = "is not there" if wall is None else fault(wall)
        if wall is not None and not reason:
            return wall
        reasons.append(f"{name}: {reason}")
    if unsafe:
        return no_wall()
    raise CourseError(
        f"Learners' code cannot be walled off here ({'; '.join(reasons)}). Hint: install bubblewrap"
        " and allow user namespaces, or grade work that you trust with --unsafe-no-jail."
    )
