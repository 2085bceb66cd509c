"""Attacks on the machine: files, processes, network, and more of everything than there is."""

# ruff: noqa: E501 - lines of attacks are kept as they are run

from __future__ import annotations

from dataclasses import replace

from tests.attacks.attack import STUBS, Attack, anywhere, in_check

_LOOK_FOR = "('HIDDEN-' + '7f3a').encode()"

LOOKING = [
    anywhere(
        "search-all-files",
        "Reads every file it can reach and prints those with hidden tests or grades.",
        f"""
        wanted = {_LOOK_FOR}
        for folder, _, names in os.walk('/'):
            if folder.startswith(('/proc', '/sys', '/usr', '/root/.pyenv', '/jail/site')):
                continue
            for name in names:
                path = os.path.join(folder, name)
                if name.endswith(('.ipynb', '.db', '.sqlite', '.jsonl')):
                    print('FOUND', path)
                try:
                    if wanted in open(path, 'rb').read(1 << 20):
                        print('FOUND', path, wanted)
                except OSError:
                    pass
        """,
    ),
    anywhere(
        "walk-up",
        "Walks up from where it is and looks for the instructor's notebooks.",
        """
        import pathlib
        for root in (pathlib.Path.cwd(), *pathlib.Path.cwd().parents, pathlib.Path('/work'), pathlib.Path('/home')):
            for name in ('solutions', 'classroom', 'gradebook.db', 'submitted', 'tests', '.git'):
                if (root / name).exists():
                    print('FOUND', root / name)
        """,
    ),
    anywhere(
        "processes",
        "Looks at other processes: their commands, environments and memory.",
        """
        for name in os.listdir('/proc'):
            if name.isdigit() and int(name) not in (1, os.getpid()):
                print('FOUND', name, open(f'/proc/{name}/cmdline').read())
        for path in ('/proc/1/environ', '/proc/1/mem', '/proc/1/fd', '/proc/1/maps'):
            try:
                if path.endswith('fd'):
                    data = [os.readlink(f'{path}/{name}') for name in os.listdir(path)]
                else:
                    data = open(path, 'rb').read(4096)
                print('FOUND', path, data)
            except OSError:
                pass
        """,
    ),
    anywhere(
        "environment",
        "Prints every environment variable that could be a key.",
        """
        for name in sorted(os.environ):
            if name not in ('HOME', 'LANG', 'PATH'):
                print('FOUND', name)
        """,
    ),
    anywhere(
        "network",
        "Talks to the machine's own services, to its neighbours and to the world.",
        """
        import socket
        for address in (('127.0.0.1', 22), ('127.0.0.1', 8888), ('10.0.0.1', 80), ('1.1.1.1', 53)):
            try:
                socket.create_connection(address, 0.2).close()
                print('FOUND', address)
            except OSError:
                pass
        for family in range(64):
            if family not in (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK):
                for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW):
                    try:
                        socket.socket(family, kind).close()
                        print('FOUND', 'family', family)
                    except OSError:
                        pass
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            try:
                sock.sendto(b'x', ('1.1.1.1', 53))
                print('FOUND', 'udp')
            except OSError:
                pass
        """,
    ),
    Attack(
        "stash-and-print",
        "Keeps what a check gives it, in memory and on disk, and prints it in a later cell.",
        {
            "triple": "STASH = []\ndef triple(number):\n    STASH.append(number)\n"
            "    open('/tmp/stash', 'a').write(f'{number} ')\n    return 3 * number"
        },
        {
            "end": "print('STASH', [n for n in STASH if n > 100])\n"
            "import pathlib\n"
            "print(pathlib.Path('/tmp/stash').exists() and pathlib.Path('/tmp/stash').read_text())"
        },
    ),
    Attack(
        "ear-on-the-line",
        "Keeps the lines of later checks open and prints what is said there.",
        STUBS,
        {
            "dispatch-all": "import threading\n"
            "ears = [os.dup(int(n)) for n in os.listdir('/proc/self/fd')"
            " if int(n) > 2 and os.readlink(f'/proc/self/fd/{n}').startswith('socket')]\n"
            "def listen(ear):\n"
            "    while True:\n"
            "        data = os.read(ear, 100_000)\n"
            "        if not data: return\n"
            "        print('HEARD', data[:2000], flush=True)\n"
            "for ear in ears[1:]:\n"
            "    threading.Thread(target=listen, args=(ear,), daemon=True).start()",
        },
        STUBS,
        seconds=2.0,
    ),
]

MEETING = [
    anywhere(
        "kernel-keyring",
        "Leaves a key in the keyring of the session for other submissions, and looks for one.",
        """
        import ctypes
        libc = ctypes.CDLL(None, use_errno=True)
        add_key, keyctl = {'x86_64': (248, 250), 'aarch64': (217, 219)}[os.uname().machine]
        for ring in (-3, -4, -5):
            found = libc.syscall(keyctl, 10, ring, b'user', b'pwned', 0)
            if found > 0:
                print('FOUND', 'key', found)
            if libc.syscall(add_key, b'user', b'pwned', b'here', 4, ring) > 0:
                print('FOUND', 'room for a key')
        ctypes.CDLL(None).usleep(300_000)  # in real time, whatever the clock says here
        """,
    ),
    anywhere(
        "shared-segments",
        "Leaves memory, semaphores and queues of System V for other submissions.",
        """
        import ctypes
        libc = ctypes.CDLL(None, use_errno=True)
        for name, make in (('shm', lambda: libc.shmget(0x7e57, 1 << 20, 0o666)),
                           ('sem', lambda: libc.semget(0x7e57, 1, 0o666)),
                           ('msg', lambda: libc.msgget(0x7e57, 0o666))):
            if make() >= 0:
                print('FOUND', name)
        libc.shmget(0x7e57, 1 << 20, 0o1666), libc.semget(0x7e57, 1, 0o1666), libc.msgget(0x7e57, 0o1666)
        ctypes.CDLL(None).usleep(300_000)  # in real time, whatever the clock says here
        """,
    ),
    anywhere(
        "neighbours",
        "Leaves a meeting point for other submissions, and looks for one.",
        """
        import ctypes, socket, pathlib
        for path in ('/tmp/meet', '/dev/shm/meet', '/var/tmp/meet', '/dev/mqueue/meet'):
            if os.path.exists(path):
                print('FOUND', path)
            try:
                pathlib.Path(path).write_text('here')
            except OSError:
                pass
        here, lone = socket.socket(socket.AF_UNIX), socket.socket()
        try:
            here.connect('\\0meet')
            print('FOUND', 'socket')
        except OSError:
            here.bind('\\0meet'); here.listen()
        try:
            lone.connect(('127.0.0.1', 40123))
            print('FOUND', 'port')
        except OSError:
            lone = socket.socket()
            lone.bind(('127.0.0.1', 40123)); lone.listen()
        ctypes.CDLL(None).usleep(300_000)  # in real time, whatever the clock says here
        """,
    ),
]

TOO_MUCH = [
    in_check(
        "fork-bomb",
        "Forks without end while it is being judged.",
        """
        def more():
            while True:
                try:
                    os.fork()
                except OSError:
                    time.sleep(0.01)
                    return
        more()
        raise NotImplementedError
        """,
        seconds=5.0,
    ),
    anywhere(
        "thread-bomb",
        "Starts threads without end.",
        """
        import ctypes, threading
        try:
            while True:
                threading.Thread(target=ctypes.CDLL(None).sleep, args=(600,), daemon=True).start()
        except RuntimeError:
            pass
        """,
    ),
    anywhere("memory", "Asks for more memory than there is.", "hoard = bytearray(1 << 40)"),
    anywhere(
        "memory-in-pieces",
        "Fills the memory piece by piece.",
        "hoard = []\nwhile True:\n    hoard.append(os.urandom(1 << 20) * 50)",
    ),
    anywhere(
        "shared-memory",
        "Fills memory that belongs to no process: shared maps and files in memory.",
        """
        import mmap
        kept = []
        try:
            while True:
                kept.append(mmap.mmap(-1, 100 << 20)); kept[-1].write(b'x' * (100 << 20))
        except (OSError, MemoryError, ValueError):
            pass
        """,
    ),
    replace(
        anywhere(
            "memory-of-many",
            "Lets several processes each take nearly as much memory as one may have.",
            """
            import ctypes
            for child in range(3):
                if os.fork() == 0:
                    hoard = bytearray(os.urandom(1 << 20)) * 200
                    ctypes.CDLL(None).pause()
                    os._exit(0)
            _, status = os.wait()  # for ever, if nobody stops one of them
            print(f"one was stopped by signal {status}")
            """,
        ),
        cell_seconds=60.0,
        ends="one was stopped by signal 9",
    ),
    anywhere(
        "memory-of-nobody",
        "Takes memory that is counted on no process: files without a name, in memory.",
        """
        kept = []
        try:
            for number in range(20):
                kept.append(os.memfd_create('hoard'))
                os.write(kept[-1], bytes(20 << 20))
            print('FOUND', 'memory')
        except OSError:
            pass
        """,
    ),
    anywhere("one-long-line", "Prints a hundred megabytes at once.", "print('x' * 100_000_000)"),
    anywhere(
        "many-lines",
        "Prints two million lines.",
        "for number in range(2_000_000):\n    print(number)",
    ),
    anywhere(
        "large-display",
        "Displays a picture of twenty megabytes, many times.",
        """
        from IPython.display import HTML, display
        for _ in range(5):
            display(HTML('x' * 20_000_000))
        """,
    ),
    anywhere(
        "full-disk",
        "Fills the disk, with bytes and with empty files.",
        """
        try:
            for number in range(1000):
                open(f'/tmp/{number}', 'wb').write(bytes(10 << 20))
        except OSError:
            pass
        try:
            for number in range(100_000):
                open(f'/tmp/empty-{number}', 'wb').close()
        except OSError:
            pass
        """,
    ),
    anywhere(
        "descriptors",
        "Opens files until there are no descriptors left.",
        "kept = []\ntry:\n    while True:\n        kept.append(open('/dev/null'))\nexcept OSError:\n    pass",
    ),
    anywhere(
        "recursion",
        "Recurses until the stack is gone.",
        "sys.setrecursionlimit(10**9)\ndef deep(): return deep()\ndeep()",
    ),
    in_check(
        "compute",
        "Computes in C, where no interrupt arrives, while it is being judged.",
        "10 ** (10 ** 9)",
        seconds=40.0,
    ),
]

LEAVING = [
    anywhere(
        "detached-child",
        "Leaves a child of its own session behind.",
        """
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.execv('/bin/sleep', ['sleep', '3600'])
            os._exit(0)
        """,
    ),
    in_check(
        "detached-child-of-a-check",
        "Leaves a child behind that holds every line open.",
        """
        import ctypes, signal
        if os.fork() == 0:
            os.setsid()
            for number in range(1, 65):
                try: signal.signal(number, signal.SIG_IGN)
                except (OSError, ValueError): pass
            ctypes.CDLL(None).sleep(3600)
        raise NotImplementedError
        """,
        seconds=3.0,
    ),
    anywhere(
        "kill-everybody",
        "Kills every process it can see.",
        "import signal\nos.kill(-1, signal.SIGKILL)",
    ),
    anywhere(
        "kill-the-first",
        "Kills, stops and traces the first process, and its own parent.",
        """
        import ctypes, signal
        for pid in (1, os.getppid()):
            for number in (signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM):
                try: os.kill(pid, number)
                except OSError: pass
            libc = ctypes.CDLL(None, use_errno=True)
            if libc.ptrace(16, pid, 0, 0) == 0:
                print('FOUND', 'traced', pid)
        """,
    ),
    anywhere("abort", "Aborts.", "os.abort()"),
    anywhere("segfault", "Reads where nothing is.", "import ctypes\nctypes.string_at(0)"),
    anywhere("hard-exit", "Ends the process.", "os._exit(0)"),
    in_check("hard-exit-in-a-check", "Ends the process while it is being judged.", "os._exit(0)"),
    anywhere("stop-itself", "Stops itself.", "import signal\nos.kill(os.getpid(), signal.SIGSTOP)"),
    anywhere(
        "deaf-loop",
        "Spins for ever and hears no signal.",
        """
        import signal
        for number in range(1, 65):
            try: signal.signal(number, signal.SIG_IGN)
            except (OSError, ValueError): pass
        while True:
            try:
                while True: pass
            except BaseException: pass
        """,
    ),
    anywhere("wait-for-ever", "Awaits what never comes.", "await asyncio.Event().wait()"),
]

BREAKING_OUT = [
    anywhere(
        "write-outside",
        "Writes wherever a grader could keep something.",
        """
        import pathlib
        for folder in ('/', '/usr', '/etc', '/jail', '/jail/own', '/dev', '/proc/sys/kernel', '/root',
                       '/work', '/var', '/home'):
            try:
                (pathlib.Path(folder) / 'pwned').write_text('x')
                print('FOUND', folder)
            except OSError:
                pass
        """,
    ),
    anywhere(
        "gain-power",
        "Tries every way to become root or to see other file systems.",
        """
        import ctypes, subprocess
        libc = ctypes.CDLL(None, use_errno=True)
        was = os.getuid()
        for user in (0, 1, 1000, 65534):
            try:
                os.setuid(user)
                if os.getuid() != was: print('FOUND', 'user', user)
            except OSError:
                pass
        if libc.mount(b'none', b'/mnt', b'tmpfs', 0, None) == 0: print('FOUND', 'mount')
        if libc.chroot(b'/tmp') == 0: print('FOUND', 'chroot')
        for command in (['su', '-c', 'id'], ['mount', '-o', 'remount,rw', '/']):
            try:
                if subprocess.run(command, capture_output=True, timeout=5).returncode == 0:
                    print('FOUND', command)
            except OSError:
                pass
        """,
    ),
    anywhere(
        "uncover",
        "Takes away, in a user namespace of its own, what covers the file system below.",
        """
        import ctypes
        libc = ctypes.CDLL(None, use_errno=True)
        if os.fork() == 0:
            if libc.unshare(0x10000000 | 0x20000) == 0:
                for path in (b'/proc', b'/tmp', b'/dev', b'/'):
                    for flags in (0, 2):
                        if libc.umount2(path, flags) == 0:
                            print('FOUND', 'uncovered', path, flush=True)
                names = os.listdir('/proc')
                others = [n for n in names if n.isdigit() and int(n) > 20]
                if others: print('FOUND', others, flush=True)
                for root in ('/proc/1/root', '/proc/1/cwd', '/oldroot', '/newroot'):
                    try: print('FOUND', root, os.listdir(root), flush=True)
                    except OSError: pass
            os._exit(0)
        os.wait()
        """,
    ),
    anywhere(
        "devices",
        "Makes devices, and opens those that show memory or disks.",
        """
        import stat
        for path, number in (('/tmp/vda', os.makedev(254, 0)), ('/tmp/mem', os.makedev(1, 1))):
            try:
                os.mknod(path, 0o600 | stat.S_IFBLK, number)
                print('FOUND', path)
            except OSError:
                pass
        for path in ('/dev/mem', '/dev/vda', '/dev/kmsg', '/proc/kcore', '/proc/kmsg'):
            try:
                print('FOUND', path, open(path, 'rb').read(16))
            except OSError:
                pass
        """,
    ),
    anywhere(
        "symlinks",
        "Leaves symbolic links where the grader might follow them.",
        "for n, target in enumerate(('/', '/proc/1/root', '/etc/shadow')):\n"
        "    os.symlink(target, f'link-{n}')",
    ),
]

ATTACKS = [*LOOKING, *MEETING, *TOO_MUCH, *LEAVING, *BREAKING_OUT]
