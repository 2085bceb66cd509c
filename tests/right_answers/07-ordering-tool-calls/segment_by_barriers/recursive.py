"""Splits off the first segment and goes on with the rest."""

def segment_by_barriers(calls, barriers):
    if not calls:
        return []
    if calls[0].name in barriers:
        size = 1
    else:
        size = next((n for n, c in enumerate(calls) if c.name in barriers), len(calls))
    return [calls[:size], *segment_by_barriers(calls[size:], barriers)]
