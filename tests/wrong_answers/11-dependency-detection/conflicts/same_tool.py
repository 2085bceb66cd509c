"""Lets calls of the same tool wait, and no others.

check: names every reason
mistake: reason-missed
"""

def conflicts(first, second, tools):
    if first.name not in tools or second.name not in tools:
        return ["unknown"]
    return ["write after write"] if first.name == second.name else []
