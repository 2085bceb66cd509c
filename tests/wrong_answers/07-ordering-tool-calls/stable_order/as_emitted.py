"""Returns the ids as they came.

check: respects every edge
mistake: edge-broken
"""

def stable_order(ids, edges):
    return list(ids)
