"""When time may be passed over, and when a wait has to be a real one."""

from __future__ import annotations

import functools
import os
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from autograder.grading.jail.pools import all_idle
from autograder.grading.jail.times import Passed


def alone(test: Callable[[], None]) -> Callable[[], None]:
    """Run a test in a fork of this process, which has none of the threads that others left."""

    @functools.wraps(test)
    def forked() -> None:
        pid = os.fork()
        if pid == 0:
            try:
                test()
            except BaseException:  # noqa: BLE001 - told to the parent by the status
                traceback.print_exc()
                sys.stderr.flush()
                os._exit(1)
            os._exit(0)
        assert os.waitpid(pid, 0)[1] == 0

    return forked


@alone
def test_idle_workers_do_not_hold_time_up() -> None:
    """A pool whose workers have nothing to do counts as nobody; one that works does not."""
    begun, go_on = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        go_on.wait()

    with ThreadPoolExecutor(2) as pool:
        future = pool.submit(work)
        begun.wait()
        assert not all_idle()
        go_on.set()
        future.result()
        while not all_idle():  # a worker says that it is idle a moment after its answer
            pass
    assert all_idle()


@alone
def test_only_the_main_thread_passes_time_over() -> None:
    """Another thread waits in real time: the main one may be doing something."""
    passed, said = Passed(), []
    thread = threading.Thread(target=lambda: said.append(passed.may_pass()))
    thread.start()
    thread.join()
    assert said == [False]
    assert passed.may_pass()


@alone
def test_a_program_that_runs_holds_time_up() -> None:
    """While a child process lives nothing is passed over, unless it is a copy that waits."""
    passed = Passed()
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as program:  # noqa: S607 - any will do
        assert not passed.may_pass()
        passed.copies.add(program.pid)
        assert passed.may_pass()
    assert passed.may_pass()


def test_a_cell_may_not_sleep_longer_than_it_has() -> None:
    """Time passes until it is used up; then the one who watches is called, and it stands still."""
    passed, over = Passed(), []
    passed.left, passed.on_over = 3.0, lambda: over.append(passed.seconds)
    for _ in range(4):
        passed.over(1.0)
    assert passed.seconds == 3.0
    assert over == [3.0]
