"""Attacks on the conversation with the witness: forged, huge, late and lying frames.

They begin when a check calls the learner's function, in the process that serves the check.
"""

# ruff: noqa: E501 - lines of attacks are kept as they are run

from __future__ import annotations

from dataclasses import replace
from textwrap import dedent

from tests.attacks.attack import STUBS, Attack, anywhere, in_check
from tests.attacks.on_the_kernel import SERIAL

# A cell that can find the socket to the witness, once a check is being played on it.
_TAPPING = """
import gc, math, os, signal, socket, struct, time
import msgspec
from autograder.grading.jail.scene import Scene
from autograder.grading.wire.messages import *

def speak_alone():
    next(found for found in gc.get_objects() if type(found) is Scene)._lock.acquire()

def line():
    scene = next(found for found in gc.get_objects() if type(found) is Scene)
    return socket.socket(fileno=os.dup(scene.channel.socket.fileno()))
"""
_WIRE = """
sock = line()
def raw(data): sock.sendall(data)
def send(message):
    frame = msgspec.msgpack.encode(message)
    raw(struct.pack('>I', len(frame)) + frame)
def take(size):
    data = bytearray()
    while len(data) < size:
        data += sock.recv(size - len(data)) or exit(1)
    return data
def hear(seconds=5):
    sock.settimeout(seconds)
    return take(struct.unpack('>I', take(4))[0])
"""


def on_the_wire(
    name: str, says: str, body: str, *, ends: str = "no sense", seconds: float = 30.0
) -> Attack:
    """Make an attack whose body can `send` messages, write `raw` bytes and `hear`.

    `ends` stands in what the witness says of it: so the attack has reached the witness.
    """
    attack = in_check(name, says, f"{_WIRE.strip()}\n{dedent(body).strip()}", seconds=seconds)
    return replace(attack, extra={"dispatch-all": _TAPPING}, ends=ends)


# The other conversation: what cells show.
_SHOWING = """
import gc, json, os, socket, struct
import msgspec
from autograder.grading.wire.cells import *
from autograder.grading.wire.channel import Channel
channel = next(found for found in gc.get_objects() if type(found) is Channel)
sock = socket.socket(fileno=os.dup(channel.socket.fileno()))
here = get_ipython().display_pub.outputs.place
def send(message):
    frame = msgspec.msgpack.encode(message)
    sock.sendall(struct.pack('>I', len(frame)) + frame)
"""


def while_cells_run(name: str, says: str, body: str, *, ends: str = "") -> Attack:
    """Make an attack on what the kernel tells of cells."""
    return replace(anywhere(name, says, f"{_SHOWING}\n{dedent(body)}"), ends=ends)


OF_CELLS = [
    while_cells_run(
        "forged-reports",
        "Shows reports of its own with full marks, as data and as text.",
        """
        mime = 'application/vnd.toollab.report+json'
        full = json.dumps({'exercise': 'all', 'earned': 8, 'possible': 8, 'outcome': 'passed', 'checks': []})
        send(Shown(here, 'result', {'text/plain': '8', mime: full}, {}, '{}'))
        send(Shown(here, 'result', {'text/plain': '8'}, {mime: full}, '{}'))
        """,
        ends="execute_result",
    ),
    while_cells_run(
        "metadata-flood",
        "Sends displays that show nothing and carry megabytes beside it.",
        "for _ in range(60):\n    send(Shown(here, 'display', {}, {}, json.dumps({'x': 'x' * 3_000_000})))",
    ),
    while_cells_run(
        "empty-displays",
        "Sends a hundred thousand displays of nothing.",
        "for _ in range(100_000):\n    send(Shown(here, 'display', {}, {}, '{}'))",
        ends="display_data",
    ),
    while_cells_run(
        "displays-of-one-name",
        "Shows many things under one name and updates them all, again and again.",
        """
        for _ in range(300):
            send(Shown(here, 'display', {}, {}, '{}', 'name'))
        for _ in range(300):
            send(Shown(here, 'update', {'text/plain': 'x' * 10_000}, {}, '{}', 'name'))
        """,
        ends="display_data",
    ),
    while_cells_run(
        "outputs-elsewhere",
        "Writes under cells that are the instructor's, and under none.",
        "for place in (3, 99, 2**52):\n    send(Stream(place, 'stdout', '8'))",
        ends="makes no sense",
    ),
    while_cells_run(
        "deep-metadata",
        "Shows JSON that is nested without end, and JSON that is none.",
        "for text in ('[' * 900_000, '{1:' * 100_000, 'nonsense', '1e999'):\n"
        "    send(Shown(here, 'display', {}, {'application/json': text}, text))",
    ),
    while_cells_run(
        "done-before-the-end",
        "Says that the cell is done, that later ones are, and that copies were kept.",
        "send(Done(here, 'ok'))\nfor place in range(1, 9):\n    send(Forked(place))\n    send(Done(place, 'ok'))",
        ends="makes no sense",
    ),
    while_cells_run(
        "frames-of-cells",
        "Sends what is no frame where outputs are expected.",
        "sock.sendall(b'\\xff' * 10_000)",
        ends="a frame of",
    ),
]

ATTACKS = [
    *OF_CELLS,
    on_the_wire("garbage", "Sends bytes that are no frame.", "raw(os.urandom(4000))\nhear()"),
    on_the_wire(
        "huge-length",
        "Announces four gigabytes.",
        "raw(b'\\xff\\xff\\xff\\xff' + b'x' * 100_000)\nhear()",
    ),
    on_the_wire(
        "large-frame",
        "Sends a well-formed frame that is too large.",
        "send(Rest(0.0, None, [Printed('stdout', 'x' * 100_000) for _ in range(100)]))\nhear()",
    ),
    on_the_wire(
        "half-a-frame",
        "Sends half a frame and waits.",
        "raw(b'\\x00\\x00\\x10\\x00abc')\ntime.sleep(100)\nimport signal; signal.pause()",
        seconds=2.0,
        ends="too long in real time",
    ),
    on_the_wire(
        "silence",
        "Never answers, without using the processor.",
        "import ctypes\nctypes.CDLL(None).pause()",
        seconds=2.0,
        ends="nobody can go on",
    ),
    on_the_wire(
        "hang-up",
        "Closes the line.",
        "sock.shutdown(socket.SHUT_RDWR)\nhear()",
        ends="ended in the middle",
    ),
    on_the_wire(
        "wrong-type",
        "Sends a message of another kind.",
        "send(Turn(0.0, 1.0, []))\nsend(Found({}))\nhear()",
    ),
    on_the_wire(
        "deep-frame",
        "Sends values nested deeper than any decoder should follow.",
        "item = b'\\x91' * 200_000\nraw(struct.pack('>I', len(item)) + item)\nhear()",
    ),
    on_the_wire(
        "many-objects",
        "Sends a frame that unfolds into millions of objects.",
        "frame = b'\\xdd' + struct.pack('>I', 4_000_000) + b'\\x90' * 4_000_000\n"
        "raw(struct.pack('>I', len(frame)) + frame)\nhear()",
    ),
    on_the_wire(
        "answers-nobody-asked-for",
        "Answers calls that were never made, and the same call many times.",
        "send(Rest(0.0, None, [Reply(i, True) for i in range(2000)] * 2))\nhear()",
        ends="type bool",
    ),
    on_the_wire(
        "right-answer-for-all",
        "Answers every possible call with the numbers a test could want.",
        "for value in (6, 0, -21, 60_033):\n"
        "    send(Rest(0.0, None, [Reply(i, value) for i in range(50)]))\n    hear()",
        ends="type int",
    ),
    on_the_wire(
        "late-answer",
        "Answers, then goes on to answer the next call before it is made.",
        "send(Rest(0.0, None, [Reply(n, 6) for n in range(9)]))\n"
        "send(Rest(0.0, None, [Reply(n, 6) for n in range(99)], over=True))\nhear()",
        seconds=3.0,
        ends="type int",
    ),
    on_the_wire(
        "time-is-no-number",
        "Says that it is not-a-number o'clock.",
        "send(Rest(math.nan, (math.nan, (0.0, 0.0, 0)), []))\nhear()",
    ),
    on_the_wire(
        "time-runs-away",
        "Says that ages have passed, or that time runs backwards.",
        "for now in (1e300, -1e300, math.inf, -math.inf):\n"
        "    send(Rest(now, (now, (now, now, 0)), []))\n    hear()",
        ends="NoneType",
    ),
    on_the_wire(
        "never-at-rest",
        "Goes on saying that nothing has happened.",
        "speak_alone()\nfor _ in range(500):\n"
        "    send(Rest(0.0, (0.0, (0.0, 0.0, 0)), []))\n    hear(None)",
        ends="Time does not move on",
    ),
    on_the_wire(
        "never-over",
        "Does not let the scene end.",
        "send(Rest(0.0, None, [Reply(i, None) for i in range(50)]))\n"
        "while True:\n    hear()\n    send(Rest(0.0, None, [], left=3))",
        ends="NoneType",
    ),
    on_the_wire(
        "over-before-it-began",
        "Says that the scene is over.",
        "send(Rest(0.0, None, [], over=True))\nhear()\nsend(Found({'dispatch_all': True}))",
    ),
    on_the_wire(
        "handles-never-given",
        "Calls whatever numbers the witness might have given out.",
        "for target in range(40):\n"
        "    for op, method in (('call', ''), ('get', '__class__'), ('get', '__globals__'),"
        " ('call', '__init__'), ('call', 'reset'), ('await', '')):\n"
        "        call = Call(900_000 + target, target, op, method, [], {}, 'task')\n"
        "        send(Rest(0.0, None, [call]))\n        hear()",
        seconds=4.0,
        ends="",
    ),
    on_the_wire(
        "private-members",
        "Asks the tools it was given for their code and their world.",
        "for target in range(1, 9):\n"
        "    for name in ('__code__', '__closure__', '__globals__', '__self__', '_clock', 'state'):\n"
        "        call = Call(7_000_000 + target, target, 'get', name, [], {}, 'thread')\n"
        "        send(Rest(0.0, None, [call], asks=call.id))\n        hear()",
        ends="NoneType",
    ),
    on_the_wire(
        "many-calls",
        "Calls a tool until the witness has no memory left.",
        "for n in range(200):\n"
        "    calls = [Call(10_000 * n + i + 1_000_000, 1, 'call', '', [], {}, 'task') for i in range(1000)]\n"
        "    send(Rest(0.0, None, calls))\n    sock.recv(1 << 22)",
    ),
    on_the_wire(
        "many-threads",
        "Calls tools from more threads than there can be.",
        "for n in range(20):\n"
        "    calls = [Call(10_000 * n + i + 1_000_000, 1, 'call', '', [], {}, 'thread', thread=f't{n}-{i}')"
        " for i in range(100)]\n"
        "    send(Rest(0.0, None, calls))\n    sock.recv(1 << 22)",
        seconds=5.0,
        ends="AssertionError",
    ),
    on_the_wire(
        "exceptions-of-the-grader",
        "Raises exceptions by which checks and interpreters are steered.",
        "for kind in ('toollab.checks._exercise:Wrong', 'builtins:KeyboardInterrupt',"
        " 'builtins:SystemExit', 'builtins:GeneratorExit', 'builtins:StopIteration',"
        " 'builtins:BaseExceptionGroup', 'asyncio.exceptions:CancelledError'):\n"
        "    send(Rest(0.0, None, [Raised(Failure([kind, 'builtins:BaseException'], 'x'))]))\n    hear()",
        ends="Wrong: x",
    ),
    on_the_wire(
        "records-of-the-grader",
        "Sends records that name the grader's own classes, and modules that run code.",
        "names = ('toollab.checks._report:Report', 'toollab.clock._run:Run', 'os:system',"
        " 'toollab.tools._world:World', 'builtins:eval', 'toollab.views:Picture', ':', 'a.b:c.d')\n"
        "for name in names:\n"
        "    send(Rest(0.0, None, [Reply(i, Record(name, ['id'])) for i in range(9)]))\n    hear()",
        ends="no such record",
    ),
    on_the_wire(
        "handle-that-looks-like-a-report",
        "Returns an object named and equipped like a report.",
        "members = {'earned': 'value', 'findings': 'value', '__iter__': 'plain',"
        " '__class__': 'value', '__eq__': 'plain', '_repr_mimebundle_': 'plain'}\n"
        "handle = Handle(1, 'object', 'Report', '', None, members)\n"
        "send(Rest(0.0, None, [Reply(i, handle) for i in range(9)]))\nhear()",
        ends="type Report",
    ),
    on_the_wire(
        "passed-descriptors",
        "Passes open descriptors to the witness until it has no room for more.",
        "for _ in range(200):\n"
        "    socket.send_fds(sock, [b'\\x00\\x00\\x00\\x01'], [0, 1, 2])\nhear()",
    ),
    on_the_wire(
        "printed-flood",
        "Floods the witness with text.",
        "for _ in range(60):\n"
        "    send(Rest(0.0, None, [Printed('stderr', 'x' * 99_000) for _ in range(30)]))\n"
        "    hear()",
    ),
    Attack(
        "kept-tools",
        "Keeps the tools of the first run and calls them in later ones.",
        STUBS
        | {
            "dispatch-all": """
KEPT = []
async def dispatch_all(calls, registry):
    KEPT.append(registry)
    results = []
    for call in calls:
        try:
            text = await KEPT[0][call.name](**call.arguments)
        except BaseException as error:
            text = str(error)
        results.append(ToolResult(call.id, text))
    return results
"""
        },
        {},
        STUBS | {"dispatch-all": SERIAL},
        ends="never reached its tool",
    ),
    Attack(
        "first-answer-again",
        "Remembers the first run's results and returns them in every other run.",
        {
            "dispatch-all": "KNOWN = []\n"
            "async def dispatch_all(calls, registry):\n"
            "    if not KNOWN:\n"
            "        KNOWN.append(await asyncio.gather(*(registry[c.name](**c.arguments) for c in calls)))\n"
            "    return [ToolResult(c.id, text) for c, text in zip(calls, KNOWN[0])]"
        },
        {},
        {
            "dispatch-all": "async def dispatch_all(calls, registry):\n"
            "    texts = await asyncio.gather(*(registry[c.name](**c.arguments) for c in calls))\n"
            "    return [ToolResult(c.id, text) for c, text in zip(calls, texts)]"
        },
    ),
]
