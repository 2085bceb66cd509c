"""Cells behave in the jail as in a real kernel: a table of behaviours, run in both."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from autograder.grading.limits import Limits
from tests.autograder.grading.jail.kernels import (
    Outputs,
    in_a_kernel,
    in_the_jail,
    without_numbers,
)

pytestmark = pytest.mark.needs("bwrap")

# Each row is a few cells; all rows run in one kernel, one after another, as in a notebook.
SAME: dict[str, tuple[str, ...]] = {
    "a value is shown with its number": ("21 * 2", "_ + 1", "Out[max(Out)], In[1]"),
    "None is not shown": ("None", "x = 3"),
    "a semicolon hides a value": ("5;",),
    "print and value": ("print('said')\n'value'",),
    "stdout and stderr in order": (
        """
        import sys
        print("one")
        print("two", file=sys.stderr)
        print("three")
        """,
    ),
    "text without a line break": ("print('a', end='')\nprint('b', end='')",),
    "flush and write": ("sys.stdout.write('written\\n')\nsys.stdout.flush()",),
    "await at top level": ("import asyncio\nawait asyncio.sleep(0, 'slept')",),
    "async for and async with at top level": (
        """
        import contextlib
        @contextlib.asynccontextmanager
        async def room():
            print("in")
            yield "here"
            print("out")
        async def three():
            for number in range(3):
                yield number
        async with room() as place:
            found = [number async for number in three()]
        found, place
        """,
    ),
    "one loop for all cells": (
        "loop = asyncio.get_running_loop()",
        "asyncio.get_running_loop() is loop, await asyncio.sleep(0, loop.is_running())",
    ),
    "a lock made in one cell works in another": (
        "lock = asyncio.Lock()\nawait lock.acquire()",
        "lock.release()\nasync with lock:\n    print('mine')",
    ),
    "a task made in one cell is awaited in another": (
        (
            "async def slow():\n    await asyncio.sleep(0.05)\n    return 'done'\n"
            "task = asyncio.create_task(slow())"
        ),
        "await task",
    ),
    "a background task prints under the cell that made it": (
        (
            "async def later():\n    await asyncio.sleep(0.05)\n    print('later')\n"
            "task = asyncio.create_task(later())"
        ),
        "await asyncio.sleep(0.2)\nprint('after')",
    ),
    "a task that nobody awaits runs between cells": (
        "ran = []\nasync def note():\n    ran.append(1)\ntask = asyncio.ensure_future(note())",
        "ran",
    ),
    "timers fire in order": (
        """
        order = []
        async def at(seconds):
            await asyncio.sleep(seconds)
            order.append(seconds)
        await asyncio.gather(at(0.03), at(0.01), at(0.02))
        order
        """,
    ),
    "wait_for gives up": ("await asyncio.wait_for(asyncio.sleep(30), 0.05)",),
    "asyncio.run is refused": ("asyncio.run(work := asyncio.sleep(0))", "work.close()"),
    "run_until_complete is refused": (
        "loop.run_until_complete(work := asyncio.sleep(0))",
        "work.close()",
    ),
    "asyncio.run in a thread": (
        "await asyncio.to_thread(asyncio.run, asyncio.sleep(0, 'in a thread'))",
    ),
    "a cancelled cell": ("raise asyncio.CancelledError",),
    "time goes by while a cell sleeps": (
        """
        import time
        start = time.perf_counter(), time.monotonic(), time.time()
        await asyncio.sleep(0.1)
        time.sleep(0.1)
        end = time.perf_counter(), time.monotonic(), time.time()
        [round(e - s, 1) for s, e in zip(start, end)]
        """,
    ),
    "threads overlap": (
        """
        from concurrent.futures import ThreadPoolExecutor
        start = time.perf_counter()
        with ThreadPoolExecutor(3) as pool:
            slept = list(pool.map(time.sleep, [0.2] * 3))
        slept, round(time.perf_counter() - start, 1)
        """,
    ),
    "a thread beside a coroutine": (
        """
        start = time.perf_counter()
        await asyncio.gather(asyncio.to_thread(time.sleep, 0.2), asyncio.sleep(0.1))
        round(time.perf_counter() - start, 1)
        """,
    ),
    "a thread prints under the running cell": (
        (
            "import threading\nthread = threading.Thread(target=print, args=('from a thread',))\n"
            "thread.start()\nthread.join()"
        ),
    ),
    "an exception": ("1 / 0",),
    "an exception of one's own": (
        "class Odd(Exception):\n    pass\nraise Odd('a', 2)",
        "raise ValueError from Odd()",
    ),
    "output before an exception stays": ("print('before')\nundefined_name",),
    "a syntax error": ("def f(:\n    pass",),
    "an indentation error": ("if True:\nprint(1)",),
    "an exception group": ("raise ExceptionGroup('two', [ValueError(1), TypeError(2)])",),
    "KeyboardInterrupt": ("raise KeyboardInterrupt",),
    "SystemExit": ("raise SystemExit(3)", "'still here'"),
    "input is refused": ("input('name? ')",),
    "getpass is refused": ("import getpass\ngetpass.getpass()",),
    "display": (
        """
        from IPython.display import HTML, JSON, Markdown, display
        display(HTML("<b>bold</b>"), {"plain": 1})
        Markdown("*hi*")
        """,
    ),
    "rich values": (
        """
        class Rich:
            def _repr_html_(self):
                return "<i>rich</i>"
            def _repr_markdown_(self):
                return "*rich*"
            def __repr__(self):
                return "rich"
        Rich()
        """,
        "JSON({'a': [1, 2]})",
    ),
    "a mime bundle": (
        """
        class Both:
            def _repr_mimebundle_(self, include=None, exclude=None):
                data = {"text/plain": "4", "text/html": "<b>4</b>"}
                return data, {"text/html": {"isolated": True}}
        Both()
        """,
    ),
    "bytes of a picture": (
        "from IPython.display import Image",
        "Image(data=b'\\x89PNG\\r\\n\\x1a\\n' + bytes(60), format='png')",
    ),
    "a repr that raises": (
        "class Broken:\n    def __repr__(self):\n        raise RuntimeError('no')\nBroken()",
    ),
    "displays are updated": (
        "handle = display('first', display_id='one')",
        "handle.update('second')",
        "display('third', display_id='one', update=True)",
    ),
    "output is cleared": (
        "from IPython.display import clear_output\nprint('gone')\nclear_output()\nprint('kept')",
        "print('gone')\nclear_output(wait=True)\nprint('kept')",
        "print('kept')\nclear_output(wait=True)",
    ),
    "print between displays": ("print('a')\ndisplay(1)\nprint('b')\ndisplay(2)",),
    "%%capture": ("%%capture caught\nprint('inside')\n5", "caught.stdout"),
    "%%writefile and %run": (
        "%%writefile small.py\nprint('ran', __name__)",
        "%run small.py",
    ),
    "%who_ls": ("%reset_selective -f ^zz\nzz_one = 1\n%who_ls int",),
    "an unknown magic": ("%no_such_magic",),
    "%pinfo": ("len?",),
    "a shell command": ("!echo from a shell", "said = !echo caught\nsaid"),
    "get_ipython": (
        "type(get_ipython()).__name__, get_ipython().user_ns is globals()",
        "get_ipython().run_line_magic('alias_magic', 'tt time')",
    ),
    "names": ("__name__, __builtins__ is __import__('builtins')", "'__file__' in globals()"),
    "matplotlib is not loaded by itself": ("'matplotlib' in sys.modules",),
    "warnings": ("import warnings\nwarnings.warn('careful', stacklevel=1)",),
    "logging": ("import logging\nlogging.getLogger('a').warning('logged')",),
    "a coroutine as a value": ("(lambda: asyncio.sleep(0))().close()",),
    "an async comprehension": ("[await asyncio.sleep(0, n) for n in range(3)]",),
    "a context variable set beside no await": (
        "import contextvars\nvar = contextvars.ContextVar('var', default=0)\nvar.set(1)\nvar.get()",
        "var.get()",
    ),
    "a context variable set beside an await": (
        "var.set(2)\nawait asyncio.sleep(0)\nvar.get()",
        "var.get()",
    ),
    "an empty cell": ("", "# only a comment"),
    "nested quotes and unicode": ("print('héllo → 世界')\n'\\u00e9\\U0001f600'",),
    "del of the last value": ("del zz_one", "zz_one"),
}
TIMES: dict[str, tuple[str, ...]] = {
    "%time": ("%time sum(range(10))", "%time await asyncio.sleep(0.01)"),
    "%%time": ("%%time\ntotal = sum(range(10))\ntotal",),
}


@cache
def _both() -> tuple[list[Outputs], list[Outputs]]:
    cells = [cell for row in (SAME | TIMES).values() for cell in row]
    with TemporaryDirectory() as folder:
        return in_a_kernel(cells, Path(folder)), in_the_jail(cells)


def _of(row: str) -> tuple[list[Outputs], list[Outputs]]:
    start = 0
    for name, cells in (SAME | TIMES).items():
        if name == row:
            kernel, jail = _both()
            part = slice(start, start + len(cells))
            return kernel[part], jail[part]
        start += len(cells)
    raise KeyError(row)


@pytest.mark.parametrize("row", SAME)
def test_the_jail_shows_what_a_kernel_shows(row: str) -> None:
    """The same cells give the same outputs, in the same order, with the same numbers."""
    kernel, jail = _of(row)
    assert jail == kernel


@pytest.mark.parametrize("row", TIMES)
def test_what_measures_time_has_the_same_form(row: str) -> None:
    """Magics that measure show the same text but for the numbers."""
    kernel, jail = _of(row)
    assert list(map(without_numbers, jail)) == list(map(without_numbers, kernel))


def test_what_the_jail_shows_and_a_kernel_does_not() -> None:
    """What a program writes past Python is shown too; a kernel leaves it in its terminal."""
    (shown,) = in_the_jail(["import os\nos.system('echo from a program');"])
    assert shown == [{"output_type": "stream", "name": "stdout", "text": "from a program\n"}]


def test_nothing_after_an_exit_is_lost() -> None:
    """`exit` ends a real kernel; here the cells after it are run, and graded."""
    first, second = in_the_jail(["exit", "'still here'"])
    assert first == []
    assert second[0]["data"] == {"text/plain": "'still here'"}


def test_what_only_sleeps_costs_no_waiting() -> None:
    """An hour of sleeping passes at once, on the loop and off it, and clocks say so."""
    cells = [
        "import asyncio, time\nstart = time.monotonic()",
        "await asyncio.sleep(2_000)\ntime.sleep(1_600)\nround((time.monotonic() - start) / 3_600)",
    ]
    limits = Limits(cell_seconds=4_000.0, notebook_seconds=5_000.0)
    assert in_the_jail(cells, limits)[1][0]["data"] == {"text/plain": "1"}


@pytest.mark.parametrize(
    "cell",
    [
        "await asyncio.sleep(100)",
        "time.sleep(100)",
        "while True:\n    await asyncio.sleep(1)",
        "while True:\n    try:\n        time.sleep(1)\n    except Exception:\n        pass",
        "await asyncio.Event().wait()",
        "threading.Event().wait(100)",
    ],
)
def test_a_cell_that_sleeps_too_long_is_stopped(cell: str) -> None:
    """Time that is passed over counts: a cell may not sleep longer than it may take."""
    limits = Limits(cell_seconds=20.0, notebook_seconds=60.0)
    cells = ["import asyncio, threading, time", cell, "'the next one runs'"]
    _, stopped, after = in_the_jail(cells, limits)
    assert [output["ename"] for output in stopped] == ["TimeoutError"]
    assert stopped[0]["evalue"].startswith("This cell was stopped")
    assert after[0]["data"] == {"text/plain": "'the next one runs'"}


def test_a_program_gets_its_time() -> None:
    """Nothing is passed over while a program runs that a cell has started."""
    cells = [
        "import asyncio, os, subprocess, time",
        "program = subprocess.Popen('sleep 0.3; echo ready > told', shell=True)",
        "while not os.path.exists('told'):\n    time.sleep(0.05)\nprogram.wait()",
        "program = await asyncio.create_subprocess_shell('sleep 0.3; echo again >> told')",
        "await asyncio.wait_for(program.wait(), 5)",
        "open('told').read()",
    ]
    seen = in_the_jail(cells)
    assert [outputs[0]["data"]["text/plain"] for outputs in seen if outputs] == [
        "0",
        "0",
        repr("ready\nagain\n"),
    ]
