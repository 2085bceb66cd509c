"""The outer wall: how the zygote is started, and whether that works here.

A wall counts as usable when a process has been started behind it, not because a program was
found.  Without one, learners' code is not run unless somebody has asked for that by name.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import autograder
import toollab
from autograder.errors import CourseError

__all__ = ("Wall", "bubblewrap", "choose", "no_wall")

_ENVIRONMENT = {
    "HOME": "/tmp",  # noqa: S108 - each submission has one of its own
    "LANG": "C.UTF-8",
    "MALLOC_ARENA_MAX": "2",  # or each thread reserves memory that it never uses
    "PATH": "/usr/bin:/bin",
    "PYTHONHASHSEED": "0",  # a set has the same order in every run
}
_FLAGS = ("-s", "-S", "-P", "-B", "-X", "utf8")
_START = (
    "import sys; sys.path[:0] = {paths!r}; sys.argv = ['zygote', *sys.argv[1:]]; "
    "from runpy import run_module; "
    "run_module('autograder.grading.jail.zygote', run_name='__main__')"
)
_PARTS = ("__init__.py", "grading/__init__.py", "grading/wire", "grading/jail")


@dataclass(frozen=True, slots=True)
class Wall:
    """A way to start a process that can reach nothing; `name` goes into every result."""

    name: str
    prefix: tuple[str, ...]
    paths: tuple[str, ...]
    libraries: tuple[str, ...]
    walled: bool = True

    def command(self, control: int, modules: Sequence[str]) -> list[str]:
        """Return the command that starts a zygote with this control socket."""
        start = _START.format(paths=list(self.paths))
        asked = [str(control), *modules, "--", *self.libraries]
        return [*self.prefix, _python(), *_FLAGS, "-c", start, *asked]

    @property
    def environment(self) -> Mapping[str, str]:
        """All that the zygote sees of the environment."""
        return _ENVIRONMENT


def _python() -> str:
    return str(Path(sys.executable).resolve())


def _site() -> list[str]:
    return list(dict.fromkeys(sysconfig.get_path(name) for name in ("purelib", "platlib")))


def bubblewrap() -> Wall | None:  # noqa: C901 - one long command line, in its order
    """Return bubblewrap's wall, or `None` if there is no such program."""
    program = shutil.which("bwrap")
    if program is None:
        return None
    own, course = Path(autograder.__file__).parent, Path(toollab.__file__).parent
    arguments = ["--unshare-all", "--clearenv", "--new-session"]
    if os.getuid() == 0:
        # Root needs no user namespace, and without one each submission can be another user.
        arguments[0:1] = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts"]
        arguments += ["--unshare-cgroup-try", "--cap-drop", "ALL"]
        for power in ("SYS_ADMIN", "SETUID", "SETGID", "SETPCAP", "CHOWN", "KILL", "SYS_PTRACE"):
            arguments += ["--cap-add", f"CAP_{power}"]
    for name, value in _ENVIRONMENT.items():
        arguments += ["--setenv", name, value]
    arguments += ["--ro-bind", "/usr", "/usr"]
    for name in ("bin", "lib", "lib32", "lib64", "libx32", "sbin"):
        path = Path("/") / name
        if path.is_symlink():
            arguments += ["--symlink", str(path.readlink()), str(path)]
        elif path.is_dir():
            arguments += ["--ro-bind", str(path), str(path)]
    arguments += ["--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"]
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
    arguments += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--chdir", "/"]  # noqa: S108
    arguments += ["--remount-ro", "/dev", "--remount-ro", "/"]
    return Wall(
        "bubblewrap",
        (program, *arguments),
        ("/jail/own", "/jail/course", *sites),
        ("/jail/own", *sites),
    )


def no_wall() -> Wall:
    """Return the wall that is none, for those who asked for it by name."""
    own, course = Path(autograder.__file__).parent.parent, Path(toollab.__file__).parent.parent
    sites = tuple(_site())
    return Wall("no jail: asked for", (), (str(own), str(course), *sites), sites, walled=False)


@cache
def _works(wall: Wall) -> str:
    """Return why a wall does not work, or an empty text."""
    try:
        done = subprocess.run(  # noqa: S603 - our own command
            [*wall.prefix, _python(), *_FLAGS, "-c", "print('here')"],
            capture_output=True,
            timeout=60,
            check=False,
            env=dict(wall.environment),
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if done.returncode == 0 and done.stdout == b"here\n":
        return ""
    return done.stderr.decode("utf-8", "replace").strip()[-300:] or f"status {done.returncode}"


def choose(*, unsafe: bool = False) -> Wall:
    """Return the best wall that works here.

    Raises `CourseError` if none does and nobody asked to go without.
    """
    wall = bubblewrap()
    reason = "bubblewrap (bwrap) is not installed" if wall is None else _works(wall)
    if wall is not None and not reason:
        return wall
    if unsafe:
        return no_wall()
    raise CourseError(
        f"Learners' code cannot be walled off here: {reason}. Hint: install bubblewrap and allow"
        " user namespaces, or grade work that you trust with --unsafe-no-jail."
    )
