"""The repository keeps what its steps were given in the order they ended."""

from __future__ import annotations

from itertools import permutations

from toollab.clock import simulate
from toollab.tools import publish, repository


def test_only_the_emitted_order_publishes():
    """Of all orders of add, commit and push, one alone brings the file to the remote."""
    calls = publish()
    for order in permutations(calls):
        world = repository()

        async def run(order=order, world=world):
            return [await world.tools[call.name](**call.arguments) for call in order]

        done = simulate(world, run)
        assert done.error is None
        published = world.state["remote"] == [{"message": "New price", "paths": ["pricing.py"]}]
        assert published == (list(order) == calls)


def test_writing_changes_what_reading_finds():
    """A file that was written is read back; one that does not exist raises."""
    world = repository()

    async def run():
        await world.tools["write_file"](path="new.txt", text="hello")
        found = await world.tools["read_file"](path="new.txt")
        await world.tools["git_add"](path="missing.txt")
        return found

    done = simulate(world, run)
    assert "There is no file missing.txt" in str(done.error)
    assert world.trace().spans[1].content == "hello"
