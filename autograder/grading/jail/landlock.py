"""The file system behind Landlock: what is not allowed by name cannot be opened.

It is for machines without bubblewrap, on top of the same namespaces.  Folders are covered, too,
but the devices of the machine stay where they are; they can be listed and not opened.
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct
from collections.abc import Sequence
from pathlib import Path

__all__ = ("DEVICES", "confine", "cover", "version")

_CREATE, _ADD, _RESTRICT, _MOUNT_SETATTR = 444, 445, 446, 442  # the same on every machine
_ASK_VERSION = 1
_ENOUGH = 3  # before that, files could be emptied
_PATH_BENEATH = 1
_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}  # how many rights each version knows
_EXECUTE, _WRITE, _READ, _LIST = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_OF_FILES = _EXECUTE | _WRITE | _READ | 1 << 14 | 1 << 15
_NO_NEW_PRIVS = 38
_OPEN_TREE, _MOVE_MOUNT = 428, 429
_AT_FDCWD, _AT_RECURSIVE, _RDONLY, _CLONE, _EMPTY_PATH = -100, 0x8000, 1, 1, 4
_MS_NOSUID, _MS_NODEV, _MS_NOEXEC = 2, 4, 8
DEVICES = ("null", "zero", "full", "random", "urandom")
_OWN = ("/tmp", "/dev/shm")  # noqa: S108 - mounted a moment before, for this submission alone
_KEPT = {"/proc", "/dev", "/tmp"}  # noqa: S108 - the same

_libc = ctypes.CDLL(None, use_errno=True)


def version() -> int:
    """Return the version of Landlock if it is good enough here, or 0."""
    found: int = _libc.syscall(_CREATE, None, ctypes.c_size_t(0), _ASK_VERSION)
    return found if found >= _ENOUGH else 0


def _call(*args: object) -> int:
    found: int = _libc.syscall(*args)
    if found < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"system call {args[0]}: {os.strerror(number)}")
    return found


def cover(readable: Sequence[str]) -> None:
    """Make everything read-only, and leave of each folder below the root only what is readable.

    Call it in a mount namespace of one's own, before private folders are mounted.
    """
    _make_read_only("/", _AT_RECURSIVE)
    paths = {Path(path).resolve() for path in readable if Path(path).exists()}
    needed = {path for path in paths if paths.isdisjoint(path.parents)}
    before = os.umask(0o022)
    for folder in Path("/").iterdir():
        hidden = folder.is_dir() and not folder.is_symlink() and str(folder) not in _KEPT
        if hidden and folder not in needed:
            _replace(folder, [path for path in needed if path.is_relative_to(folder)])
    os.umask(before)


def _replace(folder: Path, kept: Sequence[Path]) -> None:
    """Cover a folder by an empty one that has only these paths in it."""
    how = _CLONE | _AT_RECURSIVE | os.O_CLOEXEC
    trees = [(path, _call(_OPEN_TREE, _AT_FDCWD, bytes(path), how)) for path in kept]
    flags = _MS_NOSUID | _MS_NODEV | _MS_NOEXEC
    if _libc.mount(b"tmpfs", bytes(folder), b"tmpfs", flags, b"size=256k,mode=755") != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"mount on {folder}: {os.strerror(number)}")
    for path, tree in trees:
        path.parent.mkdir(parents=True, exist_ok=True)
        if stat.S_ISDIR(os.fstat(tree).st_mode):
            path.mkdir()
        else:
            path.touch()
        _call(_MOVE_MOUNT, tree, b"", _AT_FDCWD, bytes(path), _EMPTY_PATH)
        os.close(tree)
    _make_read_only(str(folder), 0)


def _make_read_only(path: str, how: int) -> None:
    attributes = struct.pack("=QQQQ", _RDONLY, 0, 0, 0)
    size = ctypes.c_size_t(len(attributes))
    _call(_MOUNT_SETATTR, _AT_FDCWD, path.encode(), how, attributes, size)


def confine(readable: Sequence[str]) -> None:
    """Let this process and its children open nothing but these paths and their own folders."""
    known = (1 << _RIGHTS.get(version(), 16)) - 1
    # Nothing is said of the network and of signals: namespaces keep these in.
    ruleset = _call(_CREATE, struct.pack("=Q", known), ctypes.c_size_t(8), 0)
    reading = _EXECUTE | _READ | _LIST
    for path in (*readable, "/proc"):
        _allow(ruleset, path, reading & known)
    for name in DEVICES:
        _allow(ruleset, f"/dev/{name}", _READ | _WRITE)
    for path in _OWN:
        _allow(ruleset, path, known)
    if _libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl: no_new_privs")
    _call(_RESTRICT, ruleset, 0)
    os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    if not Path(path).is_dir():
        rights &= _OF_FILES
    try:
        _call(_ADD, ruleset, _PATH_BENEATH, struct.pack("=Qi", rights, place), 0)
    finally:
        os.close(place)
