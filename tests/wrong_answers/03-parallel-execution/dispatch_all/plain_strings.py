"""Returns the bare contents instead of results.

check: returns a list of results
mistake: not-a-result
points: 0
"""

async def dispatch_all(calls, registry):
    return await asyncio.gather(*[registry[call.name](**call.arguments) for call in calls])
