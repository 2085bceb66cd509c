"""Places level after level.

check: ties keep emission order
mistake: not-stable
"""

def stable_order(ids, edges):
    order = []
    while len(order) < len(ids):
        placed = set(order)
        order += [i for i in ids if i not in placed and all(a in placed for a, b in edges if b == i)]
    return order
