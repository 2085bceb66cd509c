"""Looks only for two calls that need each other.

check: finds a cycle wherever it is
mistake: cycle-missed
"""

def find_cycle(needs):
    for call, befores in needs.items():
        for before in befores:
            if call in needs[before]:
                return [call, before, call] if call != before else [call, call]
    return None
