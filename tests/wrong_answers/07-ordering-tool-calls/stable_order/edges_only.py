"""Forgets ids that no edge names.

check: returns every id once
mistake: ids-lost
"""

def stable_order(ids, edges):
    named = {i for edge in edges for i in edge}
    order = []
    while len(order) < len(named):
        for i in ids:
            if i in named and i not in order and all(a in order for a, b in edges if b == i):
                order.append(i)
                break
    return order
