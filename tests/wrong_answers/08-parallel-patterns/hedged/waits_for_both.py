"""Once the second is asked, waits for both.

check: then the first answer counts, whoever gives it
mistake: waits-for-the-wrong-one
"""

async def hedged(ask, replicas, delay, read_only):
    if not read_only:
        return await ask(replicas[0])
    tasks = [asyncio.create_task(ask(replicas[0]))]
    done, _ = await asyncio.wait(tasks, timeout=delay)
    if done and not tasks[0].exception():
        return tasks[0].result()
    tasks.append(asyncio.create_task(ask(replicas[1])))
    found = await asyncio.gather(*tasks, return_exceptions=True)
    good = [text for text in found if isinstance(text, str)]
    if not good:
        raise found[0]
    return good[-1]
