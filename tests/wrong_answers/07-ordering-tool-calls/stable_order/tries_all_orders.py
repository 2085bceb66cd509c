"""Tries all orders, smallest first: right, and never done with twenty ids.

check: ties keep emission order
mistake: tries-all-orders
points: 3
"""

import itertools


def stable_order(ids, edges):
    for order in itertools.permutations(ids):
        if all(order.index(before) < order.index(after) for before, after in edges):
            return list(order)
