"""Goes through the edges depth first, predecessors before the id.

check: ties keep emission order
mistake: not-stable
"""

def stable_order(ids, edges):
    order = []

    def visit(i):
        for before, after in edges:
            if after == i and before not in order:
                visit(before)
        if i not in order:
            order.append(i)

    for i in ids:
        visit(i)
    return order
