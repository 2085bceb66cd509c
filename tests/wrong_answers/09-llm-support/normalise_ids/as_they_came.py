"""Trusts the ids.

check: no id comes twice
mistake: twins
"""

def normalise_ids(calls, taken):
    return calls
