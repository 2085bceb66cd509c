"""Prints the results and returns nothing.

check: returns a list of results
mistake: returns-nothing
points: 0
"""

def aggregate(calls, outcomes):
    for outcome in outcomes:
        print(outcome["id"], outcome.get("value", "failed"))
