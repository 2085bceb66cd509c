"""Takes the id that became free last.

check: ties keep emission order
mistake: not-stable
"""

def stable_order(ids, edges):
    waits = {i: {a for a, b in edges if b == i} for i in ids}
    free, order = [i for i in ids if not waits[i]], []
    while free:
        done = free.pop()
        order.append(done)
        for i in ids:
            if done in waits[i]:
                waits[i].discard(done)
                if not waits[i]:
                    free.append(i)
    return order
