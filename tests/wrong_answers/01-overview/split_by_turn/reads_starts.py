"""Counts a call when it is started, so one that waits for approval is missed.

check: keeps every call once
mistake: counts-started
"""

def split_by_turn(events):
    batches = []
    for event in events:
        if event["type"] == "turn_end":
            batches.append([])
        elif event["type"] == "tool_start":
            if not batches:
                batches.append([])
            batches[-1].append(event["id"])
    return [batch for batch in batches if batch]
