"""Counts edges, and never gets to zero when one is there twice.

check: returns every id once
mistake: ids-lost
"""

def stable_order(ids, edges):
    waits = {i: sum(b == i for a, b in edges) for i in ids}
    order = []
    while len(order) < len(ids):
        free = [i for i in ids if i not in order and waits[i] == 0]
        if not free:
            return order
        order.append(free[0])
        for i in {b for a, b in edges if a == free[0]}:
            waits[i] -= 1
    return order
