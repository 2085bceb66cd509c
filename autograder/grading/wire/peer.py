"""Calls in both directions: what one side and the other have in common.

A side posts events (calls, answers, cancellations) and takes in those of the other.  When they
are sent, and what time it is then, is the business of the witness's link and of the jail's.
"""

from __future__ import annotations

import asyncio
import contextvars
import inspect
import threading
from collections import deque
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from autograder.grading.wire.failures import pack_failure, unpack_failure
from autograder.grading.wire.handles import ELSEWHERE, describe, remote_id, stand_in
from autograder.grading.wire.messages import (
    Call,
    Cancel,
    Event,
    Failed,
    Failure,
    Handle,
    Item,
    Own,
    Place,
    Reply,
)
from autograder.grading.wire.pending import Pending
from autograder.grading.wire.values import CannotCrossError, Packer, Unpacker
from toollab.clock import request_id
from toollab.clock._where import leave_out

__all__ = ("Peer",)

leave_out(str(Path(__file__).resolve().parent.parent))  # none of this is code under test
leave_out(ELSEWHERE)
_EXITS = ("__exit__", "__aexit__")
_stamp: contextvars.ContextVar[int] = contextvars.ContextVar("stamp", default=0)


class Peer:
    """One side's tables: what it gave out, what it asked for, what it is doing for the other."""

    def __init__(self, *, opens_mappings: bool, sends_params: bool) -> None:
        self.outbox: deque[Event] = deque()
        self.pending: dict[int, Pending] = {}
        self.serving: dict[int, asyncio.Task[None]] = {}
        self._given: dict[int, Any] = {}
        self._given_ids: dict[int, int] = {}
        self._handles: dict[int, Handle] = {}
        self._numbers = count(1)
        self._sends_params = sends_params
        self._packer = Packer(self._export, opens_mappings=opens_mappings)
        self._unpacker = Unpacker(self._resolve)

    # -- values -----------------------------------------------------------------------------

    def pack(self, value: Any) -> Item:
        """Return a value as plain data; raises `CannotCrossError`."""
        return self._packer.pack(value)

    def unpack(self, item: Item) -> Any:
        """Return the value; raises `CannotCrossError`."""
        return self._unpacker.unpack(item)

    def _export(self, value: Any) -> Handle | Own | Failure:
        remote = remote_id(value)
        if remote is not None and remote[0] is self:
            return Own(remote[1])
        if isinstance(value, BaseException):
            return self.pack_failure(value)
        known = self._given_ids.get(id(value))
        if known is not None:
            return self._handles[known]
        number = next(self._numbers)
        handle = describe(value, number, params=self._sends_params)
        self._given[number], self._given_ids[id(value)] = value, number
        self._handles[number] = handle
        return handle

    def _resolve(self, item: Handle | Own | Failure) -> Any:
        if isinstance(item, Handle):
            return stand_in(item, self)
        if isinstance(item, Failure):
            return unpack_failure(item, self.unpack)
        return self._mine(item.id)

    def _mine(self, number: int) -> Any:
        try:
            return self._given[number]
        except KeyError:
            raise CannotCrossError("Nothing with that number was given out.") from None

    def pack_failure(self, error: BaseException) -> Failure:
        """Return an exception as data."""
        return pack_failure(error, self.pack, self.where)

    def where(self, error: BaseException) -> Sequence[Place]:
        """Return the lines of the learner's code that an exception came through."""
        del error
        return ()

    def forget(self) -> None:
        """Take back everything that was given out: old handles mean nothing any more."""
        self._given.clear()
        self._given_ids.clear()
        self._handles.clear()

    # -- calling ----------------------------------------------------------------------------

    def new_call(
        self, target: int, op: str, method: str, args: Any, kwargs: Any, waits: str
    ) -> Call:
        """Return a call, to be posted."""
        if method in _EXITS:
            args = args[1:2]  # classes and tracebacks stay at home
        return Call(
            id=next(self._numbers),
            target=target,
            op=op,  # type: ignore[arg-type]
            method=method,
            args=[self.pack(arg) for arg in args],
            kwargs={name: self.pack(value) for name, value in kwargs.items()},
            waits=waits,  # type: ignore[arg-type]
            request=request_id.get(),
            thread=threading.current_thread().name[:200],
            stamp=self.stamp(),
            loop=self.loop_number() if waits == "task" else 0,
        )

    def stamp(self) -> int:
        """Return what orders what is set up now among what is set up at the same moment."""
        return _stamp.get()

    def loop_number(self) -> int:
        """Return which loop the calling task is on: 0 is the one that the scene began with."""
        return 0

    def call(self, target: int, method: str, args: Any, kwargs: Any, op: str = "call") -> Any:
        """Call the other side and keep this thread waiting for the answer."""
        raise NotImplementedError

    async def acall(self, target: int, method: str, args: Any, kwargs: Any, op: str) -> Any:
        """Call the other side and await the answer; a cancellation crosses, and its effect."""
        return await self.ask(self.new_call(target, op, method, args, kwargs, "task"))

    async def ask(self, call: Call) -> Any:
        """Post a call and await its answer."""
        pending = self.pending[call.id] = Pending(asyncio.get_running_loop())
        self.post(call)
        order: asyncio.CancelledError | None = None
        while pending.answer is None:
            try:
                await pending.arrival()
            except asyncio.CancelledError as cancelled:
                if pending.answer is not None:
                    raise
                order = cancelled
                self.cancel(call.id)
        try:
            return pending.answer()
        except asyncio.CancelledError:
            if order is not None:
                raise order from None  # with the message by which some know their own
            raise

    def cancel(self, call_id: int) -> None:
        """Tell the other side that a call's answer is not wanted any more."""
        self.post(Cancel(call_id))

    def post(self, event: Event) -> None:
        """Put an event where the next message will take it along."""
        self.outbox.append(event)

    def take_posted(self) -> list[Event]:
        """Return what was posted and empty the box; other threads may post meanwhile."""
        return [self.outbox.popleft() for _ in range(len(self.outbox))]

    # -- what the other side sent -----------------------------------------------------------

    def answered(self, event: Reply | Failed) -> None:
        """Hand an answer to whoever waits for it; an answer to nothing is ignored."""
        pending = self.pending.pop(event.id, None)
        if pending is None:
            return
        try:
            if isinstance(event, Reply):
                value = self.unpack(event.value)
                pending.settle(lambda: value)
            else:
                error = unpack_failure(event.error, self.unpack)
                pending.settle(lambda: _throw(error))
        except CannotCrossError as error:
            refusal = error
            pending.settle(lambda: _throw(refusal))

    def fail_pending(self, error: BaseException) -> None:
        """Let every call that waits for an answer raise `error`."""
        waiting, self.pending = self.pending, {}
        for pending in waiting.values():
            pending.settle(lambda: _throw(error))

    def cancelled(self, event: Cancel) -> None:
        """Cancel what is being done for the other side."""
        task = self.serving.get(event.id)
        if task is None:
            return
        served: Any = task.get_coro()
        if inspect.getcoroutinestate(served) == inspect.CORO_CREATED:
            # Over there the call has begun.  Cancelled before it begins here as well, it would
            # do nothing, not even answer.
            task.get_loop().call_soon(task.cancel)
        else:
            task.cancel()

    # -- serving ----------------------------------------------------------------------------

    def target_of(self, call: Call) -> Callable[[], Any]:
        """Return what a call asks for, as a function without arguments."""
        target = self._mine(call.target)
        if call.op == "await":
            return lambda: target
        handle = self._handles[call.target]
        if call.method:
            if call.method not in handle.members:
                raise CannotCrossError(f"There is no {call.method!r} to call.")
            if call.op == "get":
                return lambda: getattr(target, call.method)
            target = getattr(target, call.method)
        elif call.op == "get" or handle.kind == "object":
            raise CannotCrossError("This is nothing to call.")
        args = [self.unpack(item) for item in call.args]
        kwargs = {name: self.unpack(item) for name, item in call.kwargs.items()}
        if call.method in _EXITS:
            error = args[0] if args else None
            args = [None if error is None else type(error), error, None]
        return lambda: target(*args, **kwargs)

    def serve_now(self, call: Call) -> Reply | Failed:
        """Do at once what a call asks for, in this thread; return the answer to post."""
        try:
            work = self.target_of(call)
            context = _context_of(call)
            return Reply(call.id, self.pack(context.run(work)))
        except BaseException as error:  # noqa: BLE001 - whatever it raised is the answer
            return Failed(call.id, self.pack_failure(error))

    def serve_task(self, call: Call, loop: asyncio.AbstractEventLoop) -> asyncio.Task[None]:
        """Do what a call asks for in a task of `loop`, whose thread this is."""
        context = _context_of(call)
        task = loop.create_task(self._serve(call, loop), context=context)
        self.serving[call.id] = task
        return task

    async def _serve(self, call: Call, loop: asyncio.AbstractEventLoop) -> None:
        answer: Reply | Failed
        try:
            value = self.target_of(call)()
            if inspect.isawaitable(value):
                value = await value
            answer = Reply(call.id, self.pack(value))
        except BaseException as error:  # noqa: BLE001 - whatever it raised is the answer
            answer = Failed(call.id, self.pack_failure(error))
        self.serving.pop(call.id, None)
        # One round later, as late as `run_until_complete` would come back from it.
        loop.call_soon(loop.call_soon, self.done, answer, loop)

    def done(self, answer: Reply | Failed, loop: asyncio.AbstractEventLoop) -> None:
        """Post the answer of a call that ran as a task."""
        del loop
        self.post(answer)


def _context_of(call: Call) -> contextvars.Context:
    context = contextvars.copy_context()
    context.run(request_id.set, call.request)
    context.run(_stamp.set, call.stamp)
    return context


def _throw(error: BaseException) -> Any:
    raise error
