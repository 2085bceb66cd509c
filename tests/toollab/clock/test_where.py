"""Where a thread stands, and whether code under test keeps it there."""

from __future__ import annotations

import asyncio
import sys
from types import FrameType, FunctionType

from toollab.clock._where import is_between


def _frame() -> FrameType:
    return sys._getframe()


def test_a_thread_in_the_loops_own_code_is_kept_by_nobody() -> None:
    """On the way into the loop, or between two callbacks, no code under test blocks it."""
    code = _frame.__code__.replace(co_filename=asyncio.base_events.__file__)
    assert is_between(FunctionType(code, {"sys": sys})())


def test_a_thread_that_has_ended_is_kept_by_nobody() -> None:
    """A thread without a frame has ended between two looks."""
    assert is_between(None)


def test_a_thread_in_other_code_may_be_kept() -> None:
    """A frame of any other code is looked at."""
    assert not is_between(_frame())
