"""asyncio.timeout as a block, whose object tells whose timeout it was."""

async def call_with_timeout(call, tool, seconds, *, side_effects=False):
    try:
        async with asyncio.timeout(seconds) as limit:
            if inspect.iscoroutinefunction(tool):
                content = await tool(**call.arguments)
            else:
                content = await asyncio.to_thread(tool, **call.arguments)
    except Exception as error:
        text = f"{type(error).__name__}: {error}"
        if limit.expired():
            text = f"No answer within {seconds:g} s."
            if side_effects:
                text += " Outcome unknown: look before you call again."
        return ToolResult(call.id, text, is_error=True)
    return ToolResult(call.id, content)
