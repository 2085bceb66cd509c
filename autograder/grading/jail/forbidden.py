"""System calls that no notebook needs and that reach past the walls; the kernel refuses them.

Namespaces do not cover everything: keyrings and some families of sockets are the machine's, some
memory is counted on nobody, and a namespace of one's own opens much of the kernel to attack.
"""

from __future__ import annotations

import ctypes
import errno
import os
import socket
import struct

__all__ = ("forbid", "program")

# Per machine: its number in the kernel's audit, and where the numbers of foreign calls begin.
_MACHINES = {
    "x86_64": (0xC000_003E, 0x4000_0000),
    "aarch64": (0xC000_00B7, 0x8000_0000),
}
# The number of each call, in the order of the machines above.
_REFUSED = {
    # keyrings, and memory that belongs to no process
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "semget": (64, 190),
    "msgget": (68, 186),
    # namespaces and mounts
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "open_by_handle_at": (304, 265),
    # other processes, and the kernel itself
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "perf_event_open": (298, 241),
    "bpf": (321, 280),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "syslog": (103, 116),
    "quotactl": (179, 60),
    "acct": (163, 89),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "reboot": (169, 142),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "adjtimex": (159, 171),
    "clock_adjtime": (305, 266),
}
_CLONE, _CLONE3, _SOCKET = (56, 220), (435, 435), (41, 198)
_NEW_NAMESPACES = 0x7E02_0000
_FAMILIES = (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK)

_LOAD, _JUMP_EQ, _JUMP_GE, _JUMP_SET, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _REFUSE = 0x7FFF_0000, 0x8000_0000, 0x0005_0000
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
_PR_SET_SECCOMP, _MODE_FILTER = 22, 2

_Step = tuple[int, int, int, int]  # as in `struct sock_filter`: code, jump if so, if not, operand


def program(machine: str) -> list[_Step]:
    """Return the filter for a machine; empty if its system calls are not known here."""
    if machine not in _MACHINES:
        return []
    which = list(_MACHINES).index(machine)
    audit, foreign = _MACHINES[machine]
    steps: list[_Step] = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_JUMP_EQ, 1, 0, audit),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_JUMP_GE, 0, 1, foreign),
        (_RETURN, 0, 0, _REFUSE | errno.ENOSYS),
    ]
    for numbers in _REFUSED.values():
        steps += [(_JUMP_EQ, 0, 1, numbers[which]), (_RETURN, 0, 0, _REFUSE | errno.EPERM)]
    # Its arguments cannot be seen from here; whoever calls it falls back to `clone`.
    steps += [(_JUMP_EQ, 0, 1, _CLONE3[which]), (_RETURN, 0, 0, _REFUSE | errno.ENOSYS)]
    steps += [
        (_JUMP_EQ, 0, 4, _CLONE[which]),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_JUMP_SET, 0, 1, _NEW_NAMESPACES),
        (_RETURN, 0, 0, _REFUSE | errno.EPERM),
        (_RETURN, 0, 0, _ALLOW),
        (_JUMP_EQ, 0, 2 + len(_FAMILIES), _SOCKET[which]),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
    ]
    for left, family in zip(range(len(_FAMILIES), 0, -1), _FAMILIES, strict=True):
        steps.append((_JUMP_EQ, left, 0, family))  # to the last step
    return [*steps, (_RETURN, 0, 0, _REFUSE | errno.EAFNOSUPPORT), (_RETURN, 0, 0, _ALLOW)]


def forbid() -> None:
    """Let this process and its children make none of these calls; needs `no_new_privs`."""
    steps = program(os.uname().machine)
    if not steps:
        return
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))
    head = struct.pack("@HP", len(steps), ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, head, 0, 0) != 0:
        number = ctypes.get_errno()
        if number not in {errno.EINVAL, errno.ENOSYS}:  # a kernel without filters
            raise OSError(number, "prctl: no filter of system calls")
