"""Sleeps on the clock instead of calculating."""

async def estimate_latency(model_s, batches, *, concurrent):
    import asyncio

    loop = asyncio.get_running_loop()
    start = loop.time()
    for batch in batches:
        await asyncio.sleep(model_s)
        if concurrent:
            await asyncio.gather(*(asyncio.sleep(seconds) for seconds in batch))
        else:
            for seconds in batch:
                await asyncio.sleep(seconds)
    await asyncio.sleep(model_s)
    return loop.time() - start
