"""Takes ids by the moment at which they became free.

check: ties keep emission order
mistake: not-stable
"""

from collections import deque

def stable_order(ids, edges):
    edges = {tuple(edge) for edge in edges}
    waits = {i: {a for a, b in edges if b == i} for i in ids}
    queue, order = deque(i for i in ids if not waits[i]), []
    while queue:
        done = queue.popleft()
        order.append(done)
        for i in ids:
            if done in waits[i]:
                waits[i].discard(done)
                if not waits[i]:
                    queue.append(i)
    return order
