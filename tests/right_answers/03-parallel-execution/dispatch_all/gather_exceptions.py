"""gather hands exceptions out as values, and each is turned into a result."""

async def dispatch_all(calls, registry):
    answers = await asyncio.gather(
        *(registry[call.name](**call.arguments) for call in calls), return_exceptions=True
    )
    return [
        ToolResult(call.id, repr(answer), is_error=True)
        if isinstance(answer, Exception)
        else ToolResult(call.id, answer)
        for call, answer in zip(calls, answers, strict=True)
    ]
