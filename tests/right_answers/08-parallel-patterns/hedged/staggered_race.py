"""The race with staggered starts that asyncio uses for connections."""

from asyncio.staggered import staggered_race


async def hedged(ask, replicas, delay, read_only):
    if not read_only:
        return await ask(replicas[0])
    ways = [lambda replica=replica: ask(replica) for replica in replicas]
    answer, winner, errors = await staggered_race(ways, delay)
    if winner is None:
        raise errors[-1]
    return answer
