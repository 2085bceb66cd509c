"""Takes the free id that is smallest as a text.

check: ties keep emission order
mistake: not-stable
"""

def stable_order(ids, edges):
    order = []
    while len(order) < len(ids):
        free = [i for i in ids if i not in order and all(a in order for a, b in edges if b == i)]
        order.append(min(free))
    return order
