"""Reads an edge the wrong way round.

check: respects every edge
mistake: edges-reversed
"""

def stable_order(ids, edges):
    order = []
    while len(order) < len(ids):
        for i in ids:
            if i not in order and all(a in order for b, a in edges if b == i):
                order.append(i)
                break
    return order
