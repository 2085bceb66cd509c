"""Takes an answer for the end of the turn.

check: one batch for each turn that calls
mistake: by-answer
points: 2
"""

def split_by_turn(events):
    batches, answered = [], True
    for event in events:
        if event["type"] == "tool_end":
            answered = True
        elif event["type"] == "call":
            if answered:
                batches.append([])
            batches[-1].append(event["id"])
            answered = False
    return batches
