"""Walls between siblings: what a fork of the zygote does before it runs a learner's code.

Linux only, and only system calls that any user may make in a namespace of their own.
"""

from __future__ import annotations

import ctypes
import os
import resource
import struct
from pathlib import Path

from msgspec import Struct

from autograder.grading.jail.forbidden import forbid
from autograder.grading.jail.landlock import confine, cover

__all__ = (
    "Walls",
    "drop_power",
    "enter_namespaces",
    "limit",
    "own_pid_namespace",
    "own_user",
    "private_folders",
    "spare_users",
)

_NEWNS, _NEWUTS, _NEWIPC = 0x0002_0000, 0x0400_0000, 0x0800_0000
_NEWUSER, _NEWPID, _NEWNET = 0x1000_0000, 0x2000_0000, 0x4000_0000
_MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_REC, _MS_PRIVATE = 2, 4, 8, 1 << 14, 1 << 18
_PR_SET_DUMPABLE, _PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS = 4, 24, 38
_CAPABILITY_V3 = 0x2008_0522
_NOBODY = 65_534
_FIRST_USERS = (2_000_000, 10_000)  # below are people, services, and users of containers
_RESERVED = 2  # addresses may be reserved beyond what may be used

_libc = ctypes.CDLL(None, use_errno=True)


class Walls(Struct, frozen=True):
    """Limits of one fork; sizes in bytes.  `user` is whom it becomes if the zygote is root.

    `readable` are the paths that Landlock leaves open; it is not used if there are none.
    Without `walled` nothing but the limits is set up.
    """

    user: int
    cpu_seconds: int
    memory: int
    processes: int
    file_bytes: int
    disk_bytes: int
    files: int
    open_files: int
    readable: tuple[str, ...] = ()
    walled: bool = True


def _do(name: str, *args: object) -> None:
    if getattr(_libc, name)(*args) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def spare_users() -> range:
    """Return user ids that this process can become and nobody has; empty if it is not root.

    Root of a container may have few of them, or none but its own.
    """
    if os.getuid() != 0:
        return range(0)
    lines = Path("/proc/self/uid_map").read_text().splitlines()
    spans = [(int(first), int(many)) for first, _, many in map(str.split, lines)]
    first, many = max(spans, key=lambda span: span[1])
    start = next((n for n in _FIRST_USERS if many > 2 * n), many)
    return range(first + start, first + many - 1)


def own_pid_namespace(home: int | None) -> None:
    """Let the next child be the first process of a new namespace; `home` takes that back."""
    if home is None:
        _do("unshare", _NEWPID)
    else:
        _do("setns", home, _NEWPID)


def enter_namespaces(*, power: bool) -> None:
    """Leave behind the siblings' mounts, network, messages and names.

    Without power this takes a user namespace, and process ids for children only.
    """
    if power:
        _do("unshare", _NEWNS | _NEWUTS | _NEWIPC | _NEWNET)
    else:
        _own_user_namespace(_NEWPID | _NEWNS | _NEWUTS | _NEWIPC | _NEWNET)


def _own_user_namespace(others: int) -> None:
    uid, gid = os.getuid(), os.getgid()
    _do("unshare", _NEWUSER | others)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")


def own_user() -> None:
    """Be the same user in a namespace of one's own, where no sibling's processes are counted."""
    _own_user_namespace(0)


def private_folders(walls: Walls) -> None:
    """Mount a /tmp, a /dev/shm and a /proc that nobody else has."""
    _do("mount", b"none", b"/", None, _MS_REC | _MS_PRIVATE, None)
    if walls.readable:
        cover(walls.readable)
    size = f"size={walls.disk_bytes},nr_inodes={walls.files},mode=1777".encode()
    flags = _MS_NOSUID | _MS_NODEV
    _do("mount", b"tmpfs", b"/tmp", b"tmpfs", flags, size)
    _do("mount", b"tmpfs", b"/dev/shm", b"tmpfs", flags, b"size=16m,nr_inodes=200,mode=1777")
    _do("mount", b"proc", b"/proc", b"proc", flags | _MS_NOEXEC, None)


def limit(walls: Walls) -> None:
    """Set the resource limits of this process and its children."""
    page = resource.getpagesize()
    mapped, _, _, _, _, data, _ = map(int, Path("/proc/self/statm").read_text().split())
    for kind, most in (
        (resource.RLIMIT_CPU, walls.cpu_seconds),
        (resource.RLIMIT_DATA, data * page + walls.memory),
        (resource.RLIMIT_AS, mapped * page + _RESERVED * walls.memory),
        (resource.RLIMIT_NPROC, walls.processes),
        (resource.RLIMIT_FSIZE, walls.file_bytes),
        (resource.RLIMIT_NOFILE, walls.open_files),
        (resource.RLIMIT_CORE, 0),
    ):
        if kind == resource.RLIMIT_NPROC and not walls.walled:
            continue  # it would count whatever else this user runs
        hard = resource.getrlimit(kind)[1]
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (allowed, allowed))
    # If memory runs out all the same, it is this process that goes.
    Path("/proc/self/oom_score_adj").write_text("1000")


def drop_power(walls: Walls) -> None:
    """Become nobody, for good: no capability is left and none can be gained."""
    capability = 0
    while _libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0) == 0:
        capability += 1
    if spare_users():
        os.setgroups([])
        os.setresgid(_NOBODY, _NOBODY, _NOBODY)
        os.setresuid(walls.user, walls.user, walls.user)
    header = struct.pack("=Ii", _CAPABILITY_V3, 0)
    if walls.readable:
        confine(walls.readable)
    _do("capset", header, struct.pack("=6I", 0, 0, 0, 0, 0, 0))
    _do("prctl", _PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    forbid()


def let_others_look(*, allowed: bool) -> None:
    """Say whether processes of the same user may read and trace this one."""
    _do("prctl", _PR_SET_DUMPABLE, int(allowed), 0, 0, 0)
