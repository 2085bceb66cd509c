"""Starts again at the first id after each one placed."""

def stable_order(ids, edges):
    left, order = list(ids), []
    while left:
        for i in left:
            if not any(b == i and a in left for a, b in edges):
                order.append(i)
                left.remove(i)
                break
    return order
